using Sweep.Grains.Coordination;

namespace Sweep.Client.Terminal;

/// <summary>States and causes in words.</summary>
internal static class SweepWords
{
    /// <param name="abandoned">Of a folder: no process works on it.</param>
    public static string State(SweepSummary sweep, bool abandoned = false) => sweep switch
    {
        { Stopped: { } why } => $"stopped: {why}",
        { Paused: true } => "paused",
        { Running: > 0 } when abandoned => "interrupted",
        { Running: > 0 } => "running",
        { Queued: > 0 } or { Held: > 0 } => "unfinished",
        { Failed: > 0 } => "done, some failed",
        { Cancelled: > 0 } => "done, some cancelled",
        _ => "done",
    };

    /// <summary>
    /// <c>, look 2 of 4 next, 24 held for later looks, 8 not needed</c> of a race, <c>, tuning, 24 held until it has decided</c> where they are tuned; empty
    /// elsewhere.
    /// </summary>
    public static string Stage(SweepSummary sweep) => sweep.Tunes
        ? sweep.Look > 0 ? $", tuning, {Words.Count(sweep.Held)} held until it has decided" : sweep.Unfinished > 0 ? ", confirming" : ""
        : Race(sweep);

    private static string Race(SweepSummary sweep) =>
        (sweep.Look > 0 ? $", look {sweep.Look} of {sweep.Looks} next" : "")
        + (sweep.Held > 0 ? $", {Words.Count(sweep.Held)} held for later looks" : "") + (sweep.Pruned > 0 ? $", {Words.Count(sweep.Pruned)} not needed" : "");

    /// <summary><c>2 running, 1 waiting on its silo</c>: of leases that silos took ahead.</summary>
    public static string Running(SweepSummary sweep, IReadOnlyList<SiloSummary> silos)
    {
        // Whose they are isn't known where silos work on several sweeps: those of others are taken to wait first.
        int others = Math.Max(0, silos.Sum(s => s.Running) - sweep.Running);
        int waiting = Math.Clamp(silos.Sum(s => s.Waiting) - others, 0, sweep.Running);
        return Running(sweep.Running, waiting) + (waiting == 0 ? "" : waiting == 1 ? " on its silo" : " on their silos");
    }

    /// <summary>The same of one silo.</summary>
    public static string Running(SiloSummary silo) => Running(silo.Running, silo.Waiting);

    private static string Running(int leases, int waiting) => $"{leases - waiting} running{(waiting > 0 ? $", {waiting} waiting" : "")}";

    /// <summary>What queued trials need that no silo offers; null if nothing.</summary>
    public static string? Waits(SweepSummary sweep) => sweep.Unserved == 0 ? null
        : $"{Words.Count(sweep.Unserved)} queued {(sweep.Unserved == 1 ? "trial needs" : "trials need")} {Lacking(sweep.Lacking)}, which no live silo offers";

    /// <summary>Silos that have leases and send no heartbeats; null if none.</summary>
    public static string? Silence(IEnumerable<SiloSummary> silos)
    {
        SiloSummary[] silent = [.. silos.Where(s => s.Silent is not null)];
        return silent.Length == 0 ? null : string.Join("; ", silent.Select(s =>
            $"no heartbeat from silo {Words.Clean(s.Id)} for {Words.Duration(s.Silent!.Value)}; "
            + $"it has {s.Running} {(s.Running == 1 ? "trial" : "trials")}"));
    }

    private static string Lacking(Abilities lacking) => lacking switch
    {
        Abilities.Torch => "TorchSharp (docs/torchsharp.md)",
        _ => lacking.ToString(),
    };

    /// <summary>That no process works on what is left of a folder's sweep, and how to go on.</summary>
    public static string Abandoned(SweepSummary sweep, RunDirectory run)
    {
        string where = run.FullPath == RunDirectory.For(sweep.Name, null).FullPath ? "" : $" --out {run.Shown}";
        string gone = sweep.Running == 0 ? "" : $": the one that ran {sweep.Running} {(sweep.Running == 1 ? "trial" : "trials")} is gone";
        return $"no process works on it{gone}; go on where it stopped with: sweep run SPEC{where}";
    }

    /// <summary>An attempt's outcome in words.</summary>
    public static string Cause(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.OutOfMemory => "out of memory",
        AttemptOutcome.Lost => "lost (its lease expired)",
        AttemptOutcome.Stalled => "stalled (it made no progress)",
        AttemptOutcome.Preempted => "preempted (drained or paused)",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
