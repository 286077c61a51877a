using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Estimates how fast sweeps progress, by what is measured first: what was done since the first call (<see cref="Pace"/>), which includes the time between
/// attempts; before that is enough, what was done since a new sweep was submitted; else running attempts, once they have done a good part. Thread-safe.
/// </summary>
internal sealed class PaceBook
{
    private static readonly TimeSpan NewSweep = TimeSpan.FromMinutes(10);

    /// <summary>Nothing runs between two attempts: that alone must not look as if all workers were gone.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, History> _histories = new(StringComparer.Ordinal);

    /// <summary>Records a sweep's progress and estimates its speed.</summary>
    /// <param name="now">The store's current time.</param>
    public PaceEstimate Estimate(SweepSummary sweep, SweepPace? pace, DateTimeOffset now)
    {
        double done = sweep.CostCompleted + (pace?.CostInFlight ?? 0);
        lock (_lock)
        {
            _histories.TryGetValue(sweep.Id, out History? history);
            if (sweep.Running == 0 && (sweep.Queued == 0 || history is null || now - history.LastRan > MaxGap))
            {
                _histories.Remove(sweep.Id);
                return new PaceEstimate(Moves: false, null, null);
            }

            if (history is null)
                _histories[sweep.Id] = history = new History();
            if (sweep.Running > 0)
                history.LastRan = now;
            history.Pace.See(now, done, sweep.Completed);
            double mean = sweep.CostTotal / Math.Max(1, sweep.Total - sweep.Pruned);
            if ((history.Pace.Rate(mean * sweep.Running) ?? SinceSubmitted(sweep, done, now) ?? InFlight(pace, mean)) is not { Cost: > 0 } rate)
                return new PaceEstimate(Moves: true, null, null);
            double left = Math.Max(0, sweep.CostTotal - done - (mean * (sweep.Failed + sweep.Cancelled)));
            return new PaceEstimate(Moves: true, 60 * (rate.Trials ?? rate.Cost / mean), sweep.Paused ? null : left / rate.Cost);
        }
    }

    private static (double Cost, double? Trials)? SinceSubmitted(SweepSummary sweep, double done, DateTimeOffset now)
    {
        double seconds = (now - sweep.Submitted).TotalSeconds;
        return sweep.Completed >= Pace.MinTrials && seconds > 0 && now - sweep.Submitted < NewSweep
            ? (done / seconds, sweep.Completed / seconds) : null;
    }

    /// <summary>Assumes that attempts without progress reports are as fast as the others.</summary>
    private static (double Cost, double? Trials)? InFlight(SweepPace? pace, double mean) =>
        pace is { Measured: > 0 } && pace.CostInFlight >= Pace.MinPart * mean * pace.Measured
            ? (pace.CostPerSecond * pace.Running / pace.Measured, null) : null;

    private sealed class History
    {
        public Pace Pace { get; } = new();

        public DateTimeOffset LastRan { get; set; }
    }
}
