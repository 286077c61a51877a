using System.Net;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Cluster;

/// <summary>Which cluster, and how its other members reach this one.</summary>
/// <param name="Store">The store whose database the members find each other in.</param>
internal sealed record ClusterSettings(PostgresUrl Store)
{
    /// <summary>The address that other members connect to; null: this machine's own if the store is elsewhere, else the loopback.</summary>
    public IPAddress? Advertise { get; init; }

    /// <summary>The port for silos; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port for clients; 0 takes a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Where to serve Orleans' own dashboard, on the loopback; null doesn't.</summary>
    public IPEndPoint? Dashboard { get; init; }
}
