using System.Net;

namespace Sweep.Silo.Orleans;

/// <summary>One Orleans silo: what it is called, where others reach it, and whom it tells of what happens to it.</summary>
/// <param name="Advertise">The address that other silos and clients connect to.</param>
/// <param name="Port">For silos.</param>
/// <param name="GatewayPort">For clients.</param>
/// <param name="Lease">How long leases stand: the death of a silo is to be noticed well before that.</param>
/// <param name="OnFatal">Told when the cluster has declared it dead, perhaps before it has started.</param>
public sealed record SiloPlace(IPAddress Advertise, int Port, int GatewayPort, TimeSpan Lease, IFatalErrorHandler OnFatal)
{
    /// <summary>The silo's name in the store, which the cluster's members know it by too; null takes one of Orleans' own.</summary>
    public string? Name { get; init; }

    /// <summary>Where to serve Orleans' own dashboard, on the loopback; null doesn't.</summary>
    public IPEndPoint? Dashboard { get; init; }

    /// <summary>Told, in a line each, of what Orleans warns of; null tells nobody.</summary>
    public Action<string>? Warning { get; init; }
}
