namespace Sweep.Grains.Comparison.Report;

/// <summary>How many trials ended how.</summary>
public sealed record TrialsSection
{
    public required long Total { get; init; }

    public required long Completed { get; init; }

    /// <summary>Failed for good.</summary>
    public required long Failed { get; init; }

    /// <summary>That a race did not need.</summary>
    public long Pruned { get; init; }

    public required long Cancelled { get; init; }

    /// <summary>Queued, held or running when the report was written.</summary>
    public required long Unfinished { get; init; }

    public required IReadOnlyList<FailureSection> Failures { get; init; }
}
