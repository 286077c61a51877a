namespace Sweep.Grains.Orleans.Wire;

/// <summary>The head of a sweep's queue, as far as one silo may have it.</summary>
[GenerateSerializer]
[Alias("sweep.head.1")]
public sealed record WireHead
{
    /// <summary>In order.</summary>
    [Id(0)]
    public required WireCandidate[] Candidates { get; init; }

    /// <summary>The silo runs a trial of this sweep that may be what kills silos.</summary>
    [Id(1)]
    public required bool HoldsSuspect { get; init; }

    /// <summary>How many slots the sweep has.</summary>
    [Id(2)]
    public int Running { get; init; }

    /// <summary>The sweep's share of slots, beside the other sweeps'.</summary>
    [Id(3)]
    public double Priority { get; init; } = 1;
}
