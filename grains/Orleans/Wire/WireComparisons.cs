namespace Sweep.Grains.Orleans.Wire;

/// <summary>Comparisons as of some completed trials.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.comparisons.1")]
public sealed record WireComparisons
{
    /// <summary>Completed trials that are in them.</summary>
    [Id(0)]
    public required int Completed { get; init; }

    /// <summary>Results that this activation has read from the store; it was told of the others.</summary>
    [Id(1)]
    public required int Read { get; init; }

    /// <summary>The test behind each p-value.</summary>
    [Id(2)]
    public required string Test { get; init; }

    /// <summary>How many p-values were adjusted together.</summary>
    [Id(3)]
    public required int Adjusted { get; init; }

    [Id(4)]
    public required WireComparison[] Comparisons { get; init; }

    /// <summary>How long ago they were made.</summary>
    [Id(5)]
    public long AgeMilliseconds { get; init; }
}
