namespace Sweep.Grains.Coordination;

/// <summary>A silo's request for work.</summary>
/// <param name="Silo">The silo's id, unique per process.</param>
/// <param name="Most">At most this many leases.</param>
public sealed record LeaseRequest(string Silo, int Most)
{
    /// <summary>Restricts to one sweep; null leases from any.</summary>
    public string? SweepId { get; init; }

    /// <summary>Where the silo keeps artifacts, for people to find them: a folder on its machine; null says nothing.</summary>
    public string? Artifacts { get; init; }
}
