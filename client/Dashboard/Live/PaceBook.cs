using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Estimates how fast sweeps move. At first from the attempts that run (cost done over time taken), or, where those are too short to say how far they are, from what was done since a sweep that is
/// new was submitted; after a while from what was done since somebody looks, which also knows of the time between attempts. Thread-safe.
/// </summary>
internal sealed class PaceBook
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1), Shortest = TimeSpan.FromSeconds(20), Longest = TimeSpan.FromMinutes(5), New = TimeSpan.FromMinutes(10);

    /// <summary>Between an attempt and the next nothing runs; somebody who looks just then shouldn't be told that all workers are gone.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private const int FewestTrials = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, History> _histories = new(StringComparer.Ordinal);

    /// <summary>Notes where a sweep is, and says how fast it moves.</summary>
    /// <param name="now">By the store's clock.</param>
    public PaceEstimate Estimate(SweepSummary sweep, SweepPace? pace, DateTimeOffset now)
    {
        double done = sweep.CostCompleted + (pace?.CostInFlight ?? 0);
        Moment latest = new(now, done, sweep.Completed);
        lock (_lock)
        {
            _histories.TryGetValue(sweep.Id, out History? history);
            if (sweep.Running == 0 && (sweep.Queued == 0 || history is null || now - history.LastRan > Between))
            {
                _histories.Remove(sweep.Id);
                return new PaceEstimate(Moves: false, null, null);
            }

            if (history is null)
                _histories[sweep.Id] = history = new History();
            if (sweep.Running > 0)
                history.LastRan = now;
            Queue<Moment> moments = history.Moments;
            while (moments.TryPeek(out Moment? old) && (now - old.At > Longest || old.Done > done + 1e-9))
                moments.Dequeue();
            if (moments.Count == 0 || now - moments.Last().At >= Apart)
                moments.Enqueue(latest);
            return Rates(sweep, pace, moments.Peek(), latest);
        }
    }

    private static PaceEstimate Rates(SweepSummary sweep, SweepPace? pace, Moment first, Moment latest)
    {
        double seconds = (latest.At - first.At).TotalSeconds;
        bool seasoned = seconds >= Shortest.TotalSeconds && latest.Done > first.Done;
        if (!seasoned && pace is not { Measured: > 0 } && sweep.Completed >= FewestTrials && latest.At - sweep.Submitted < New)
        {
            first = new Moment(sweep.Submitted, 0, 0);
            seconds = (latest.At - first.At).TotalSeconds;
            seasoned = seconds > 0;
        }

        // Attempts that have shown nothing yet go as fast as those that have.
        double costPerSecond = seasoned ? (latest.Done - first.Done) / seconds
            : pace is { Measured: > 0 } ? pace.CostPerSecond * pace.Running / pace.Measured : 0;
        if (!(costPerSecond > 0))
            return new PaceEstimate(Moves: true, null, null);
        double mean = sweep.CostTotal / Math.Max(1, sweep.Total);
        double left = Math.Max(0, sweep.CostTotal - latest.Done - (mean * (sweep.Failed + sweep.Cancelled)));
        int completed = latest.Completed - first.Completed;
        double perMinute = seasoned && completed >= FewestTrials ? 60 * completed / seconds : 60 * costPerSecond / mean;
        return new PaceEstimate(Moves: true, perMinute, sweep.Paused ? null : left / costPerSecond);
    }

    private sealed record Moment(DateTimeOffset At, double Done, int Completed);

    private sealed class History
    {
        public Queue<Moment> Moments { get; } = [];

        public DateTimeOffset LastRan { get; set; }
    }
}
