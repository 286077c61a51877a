using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Estimates how fast sweeps progress. Initially from running attempts (cost done per time), or, if those are too short to report progress, from everything
/// done since a new sweep was submitted; after a while from what was done since the first call, which includes the time between attempts. Thread-safe.
/// </summary>
internal sealed class PaceBook
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1), MinWindow = TimeSpan.FromSeconds(20), MaxWindow = TimeSpan.FromMinutes(5),
        NewSweep = TimeSpan.FromMinutes(10);

    /// <summary>Nothing runs between two attempts: that alone must not look as if all workers were gone.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(5);

    private const int MinTrials = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, History> _histories = new(StringComparer.Ordinal);

    /// <summary>Records a sweep's progress and estimates its speed.</summary>
    /// <param name="now">The store's current time.</param>
    public PaceEstimate Estimate(SweepSummary sweep, SweepPace? pace, DateTimeOffset now)
    {
        double done = sweep.CostCompleted + (pace?.CostInFlight ?? 0);
        Sample latest = new(now, done, sweep.Completed);
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
            Queue<Sample> samples = history.Samples;
            while (samples.TryPeek(out Sample? old) && (now - old.At > MaxWindow || old.Done > done + 1e-9))
                samples.Dequeue();
            if (samples.Count == 0 || now - samples.Last().At >= MinInterval)
                samples.Enqueue(latest);
            return Rates(sweep, pace, samples.Peek(), latest);
        }
    }

    private static PaceEstimate Rates(SweepSummary sweep, SweepPace? pace, Sample first, Sample latest)
    {
        double seconds = (latest.At - first.At).TotalSeconds;
        bool reliable = seconds >= MinWindow.TotalSeconds && latest.Done > first.Done;
        if (!reliable && pace is not { Measured: > 0 } && sweep.Completed >= MinTrials && latest.At - sweep.Submitted < NewSweep)
        {
            first = new Sample(sweep.Submitted, 0, 0);
            seconds = (latest.At - first.At).TotalSeconds;
            reliable = seconds > 0;
        }

        // Assume that attempts without progress reports are as fast as the others.
        double costPerSecond = reliable ? (latest.Done - first.Done) / seconds
            : pace is { Measured: > 0 } ? pace.CostPerSecond * pace.Running / pace.Measured : 0;
        if (!(costPerSecond > 0))
            return new PaceEstimate(Moves: true, null, null);
        double mean = sweep.CostTotal / Math.Max(1, sweep.Total - sweep.Pruned);
        double left = Math.Max(0, sweep.CostTotal - latest.Done - (mean * (sweep.Failed + sweep.Cancelled)));
        int completed = latest.Completed - first.Completed;
        double perMinute = reliable && completed >= MinTrials ? 60 * completed / seconds : 60 * costPerSecond / mean;
        return new PaceEstimate(Moves: true, perMinute, sweep.Paused ? null : left / costPerSecond);
    }

    private sealed record Sample(DateTimeOffset At, double Done, int Completed);

    private sealed class History
    {
        public Queue<Sample> Samples { get; } = [];

        public DateTimeOffset LastRan { get; set; }
    }
}
