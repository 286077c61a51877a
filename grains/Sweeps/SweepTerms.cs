namespace Sweep.Grains.Sweeps;

/// <summary>What was said about a sweep as a whole: by its spec's <c>limits</c>, and by operators.</summary>
/// <param name="Paused">It gives no trial; those that run learn of it at their next heartbeat.</param>
/// <param name="Slots">How many of its trials may run at a time; null for any number.</param>
/// <param name="Priority">Its share of slots beside other sweeps.</param>
/// <param name="Failed">The number of trials failed for good at which it is stopped; null for none.</param>
/// <param name="Look">The look of a race that results are gathered for, from 1; 0 where there is none.</param>
public readonly record struct SweepTerms(bool Paused, int? Slots = null, double Priority = 1, int? Failed = null, int Look = 0)
{
    /// <summary>How many more trials may begin.</summary>
    public int Free(int running) => Paused ? 0 : Slots is { } most ? Math.Max(0, most - running) : int.MaxValue;

    /// <summary>Whether so many trials failed for good are no reason to pause it.</summary>
    public bool Bears(int failed) => !(failed >= Failed);

    /// <summary>Why the sweep is to be paused now that one more of its trials has failed for good; null where it goes on.</summary>
    /// <param name="failed">How many have.</param>
    public string? Stop(int failed) => !Paused && !Bears(failed) ? $"{failed} {(failed == 1 ? "trial" : "trials")} failed (limits.failed: {Failed})" : null;
}
