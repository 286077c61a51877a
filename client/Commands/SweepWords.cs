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
}
