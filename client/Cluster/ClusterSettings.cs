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

    /// <summary>The silo's name in the store, by which the others know it too; null takes one of Orleans' own.</summary>
    public string? Name { get; init; }

    /// <summary>Told, in a line each, of what goes wrong in the cluster; null tells nobody.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Where to serve Orleans' own dashboard, on the loopback; null doesn't.</summary>
    public IPEndPoint? Dashboard { get; init; }
}
