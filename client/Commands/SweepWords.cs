using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary>A sweep's state in a word.</summary>
internal static class SweepWords
{
    public static string State(SweepSummary sweep) => sweep switch
    {
        { Paused: true } => "paused",
        { Running: > 0 } => "running",
        { Queued: > 0 } => "unfinished",
        { Failed: > 0 } => "done, some failed",
        { Cancelled: > 0 } => "done, some cancelled",
        _ => "done",
    };

    /// <summary>What its trials wait for that no silo has; null when they don't.</summary>
    public static string? Waits(SweepSummary sweep) => sweep.Unserved == 0 ? null
        : $"{Words.Count(sweep.Unserved)} queued {(sweep.Unserved == 1 ? "trial needs" : "trials need")} {Lacking(sweep.Lacking)}, which no silo has that was heard of lately";

    private static string Lacking(Abilities lacking) => lacking switch
    {
        Abilities.Torch => "TorchSharp (docs/torchsharp.md)",
        _ => lacking.ToString(),
    };

    /// <summary>An attempt's end in a few words.</summary>
    public static string Cause(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.OutOfMemory => "out of memory",
        AttemptOutcome.Lost => "lost (the silo was not heard of again)",
        AttemptOutcome.Preempted => "preempted (drained or paused)",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
