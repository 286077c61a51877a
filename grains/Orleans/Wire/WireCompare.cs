namespace Sweep.Grains.Orleans.Wire;

/// <summary>Which comparisons somebody wants to see.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.compare.1")]
public sealed record WireCompare
{
    /// <summary>Only of this metric; null for all of the report's family.</summary>
    [Id(0)]
    public string? Metric { get; init; }

    /// <summary>Only those averaged over the axes that are neither compared nor dataset or schedule, where there are any.</summary>
    [Id(1)]
    public bool Averaged { get; init; }

    [Id(2)]
    public required int MaxComparisons { get; init; }
}
