using Sweep.Client.Dashboard.Live;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A sweep as listed on the page.</summary>
internal sealed record SweepView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>running, paused, waiting, done, cancelled (nothing failed) or failed (some trials for good).</summary>
    public required string State { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required int Total { get; init; }

    public required int Queued { get; init; }

    public required int Running { get; init; }

    public required int Completed { get; init; }

    public required int Failed { get; init; }

    public required int Cancelled { get; init; }

    /// <summary>Of later looks of a race.</summary>
    public int Held { get; init; }

    /// <summary>Not needed by a race.</summary>
    public int Pruned { get; init; }

    /// <summary>What queued trials need that no silo has, in words; null if nothing.</summary>
    public required string? Waits { get; init; }

    /// <summary>0 to 1, by estimated cost, running attempts included.</summary>
    public required double Fraction { get; init; }

    public required double? TrialsPerMinute { get; init; }

    public required double? EtaSeconds { get; init; }

    /// <summary>The report's headline, of a sweep that is done; null until it is known.</summary>
    public string? Answer { get; init; }

    /// <summary>Its folder, where several are served.</summary>
    public string? Where { get; init; }

    /// <summary>What people wrote about it; null where nobody did.</summary>
    public SweepNote? Note { get; init; }

    public static SweepView Of(SweepSummary sweep, SweepPace? pace, PaceEstimate estimate) => new()
    {
        Id = sweep.Id,
        Name = sweep.Name,
        State = StateOf(sweep, estimate.Moves),
        Submitted = sweep.Submitted,
        Note = sweep.Note,
        Total = sweep.Total,
        Queued = sweep.Queued,
        Running = sweep.Running,
        Completed = sweep.Completed,
        Failed = sweep.Failed,
        Cancelled = sweep.Cancelled,
        Held = sweep.Held,
        Pruned = sweep.Pruned,
        Waits = SweepWords.Waits(sweep),
        // What failed for good is not to be waited for any more.
        Fraction = sweep is { CostTotal: > 0, Unfinished: > 0 } ? Math.Clamp((sweep.CostCompleted + (pace?.CostInFlight ?? 0)) / sweep.CostTotal, 0, 1) : 1,
        TrialsPerMinute = estimate.TrialsPerMinute,
        EtaSeconds = estimate.EtaSeconds,
    };

    private static string StateOf(SweepSummary sweep, bool moves) => sweep switch
    {
        { Paused: true, Unfinished: > 0 } => "paused",
        { Running: > 0 } => "running",
        { Unfinished: > 0 } when moves => "running",
        { Unfinished: > 0 } => "waiting",
        { Failed: > 0 } => "failed",
        { Cancelled: > 0 } => "cancelled",
        _ => "done",
    };
}
