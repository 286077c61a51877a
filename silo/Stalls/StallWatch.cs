using Sweep.Grains.Coordination;

namespace Sweep.Silo.Stalls;

/// <summary>Looks, now and then, which attempts stall for too long. A .NET thread can't be ended: whoever is told gives its slot up.</summary>
/// <param name="running">Those that run now.</param>
/// <param name="stalled">Told of each once, with how long it has stood.</param>
internal sealed class StallWatch(Func<IEnumerable<RunningAttempt>> running, StallLimit limit, Action<RunningAttempt, TimeSpan> stalled, TimeSpan every,
    TimeProvider time)
{
    private readonly Dictionary<RunningAttempt, (LeaseProgress Last, TimeSpan Still)> _seen = [];

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long before = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(every, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

            // A process that was suspended, or a machine that was, stalled with all its attempts: of that time no more counts than a turn or two.
            TimeSpan passed = time.GetElapsedTime(before);
            before = time.GetTimestamp();
            Look(passed < every * 2 ? passed : every * 2);
        }
    }

    private void Look(TimeSpan passed)
    {
        RunningAttempt[] now = [.. running()];
        foreach (RunningAttempt ended in _seen.Keys.Except(now).ToArray())
            _seen.Remove(ended);
        foreach (RunningAttempt attempt in now)
        {
            LeaseProgress progress = attempt.Progress.Snapshot();
            TimeSpan still = _seen.TryGetValue(attempt, out (LeaseProgress Last, TimeSpan Still) before) && before.Last == progress && attempt.HasBegun
                ? before.Still + passed : TimeSpan.Zero;
            _seen[attempt] = (progress, still);
            if (still > limit.Of(attempt.Progress.Lease.Cost, progress.Phase, attempt.Progress.Lease.Trial.StallAfter))
                stalled(attempt, still);
        }
    }
}
