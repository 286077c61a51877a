namespace Sweep.Grains.Orleans.Wire;

/// <summary>How much of a trial's attempt somebody has seen.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.seen.1")]
public sealed record WireSeen
{
    /// <summary>0 before the first.</summary>
    [Id(0)]
    public int Attempt { get; init; }

    /// <summary>Points of its training curve.</summary>
    [Id(1)]
    public int Points { get; init; }

    /// <summary>Reverse steps that were scored.</summary>
    [Id(2)]
    public int Scores { get; init; }
}
