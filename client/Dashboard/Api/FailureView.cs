namespace Sweep.Client.Dashboard.Api;

/// <summary>Attempts that ended for one reason.</summary>
internal sealed record FailureView
{
    public required string Cause { get; init; }

    /// <summary>Of one of them: the others differ in numbers at most.</summary>
    public required string Message { get; init; }

    public required int Count { get; init; }

    /// <summary>Trials among them that are failed for good now.</summary>
    public required int TrialsFailed { get; init; }

    /// <summary>A few of them.</summary>
    public required IReadOnlyList<string> Trials { get; init; }

    public required IReadOnlyList<string> Silos { get; init; }
}
