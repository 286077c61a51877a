namespace Sweep.Grains.Coordination;

/// <summary>A silo's request for work.</summary>
/// <param name="Silo">The silo's id, unique per process.</param>
/// <param name="MaxTrials">At most this many leases.</param>
public sealed record LeaseRequest(string Silo, int MaxTrials)
{
    /// <summary>Restricts to one sweep; null leases from any.</summary>
    public string? SweepId { get; init; }

    /// <summary>What the silo says of itself; null says nothing, and offers nothing.</summary>
    public SiloFacts? About { get; init; }
}
