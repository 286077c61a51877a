namespace Sweep.Client.Dashboard.Api;

/// <summary>Attempts that failed for the same reason.</summary>
internal sealed record FailureView
{
    public required string Cause { get; init; }

    /// <summary>Of one attempt: the others differ only in numbers.</summary>
    public required string Message { get; init; }

    public required int Count { get; init; }

    /// <summary>How many of their trials have failed for good.</summary>
    public required int TrialsFailed { get; init; }

    /// <summary>A few examples.</summary>
    public required IReadOnlyList<string> Trials { get; init; }

    public required IReadOnlyList<string> Silos { get; init; }
}
