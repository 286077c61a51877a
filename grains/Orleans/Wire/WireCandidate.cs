namespace Sweep.Grains.Orleans.Wire;

/// <summary>A queued trial, with what decides its turn.</summary>
[GenerateSerializer]
[Alias("sweep.candidate.1")]
public sealed record WireCandidate
{
    [Id(0)]
    public required string TrialId { get; init; }

    [Id(1)]
    public required double Cost { get; init; }

    /// <summary>The sweep's number in the store: older sweeps go first.</summary>
    [Id(2)]
    public required long Sweep { get; init; }

    [Id(3)]
    public required long Ordinal { get; init; }

    /// <summary>Its leases have expired so often that it may be what kills silos.</summary>
    [Id(4)]
    public required bool Suspect { get; init; }
}
