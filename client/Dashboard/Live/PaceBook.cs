using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Estimates how fast sweeps move. At first from the attempts that run (cost done over time taken), which is there at once; after a while from what was done since, which also knows
/// of the time between attempts. Thread-safe.
/// </summary>
internal sealed class PaceBook
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1), Shortest = TimeSpan.FromSeconds(20), Longest = TimeSpan.FromMinutes(5);

    private const int FewestTrials = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<Moment>> _history = new(StringComparer.Ordinal);

    /// <summary>Notes where a sweep is, and says how fast it moves; nulls where that can't be said.</summary>
    /// <param name="now">By the store's clock.</param>
    public (double? TrialsPerMinute, double? EtaSeconds) Estimate(SweepSummary sweep, SweepPace? pace, DateTimeOffset now)
    {
        double done = sweep.CostCompleted + (pace?.CostInFlight ?? 0);
        Moment latest = new(now, done, sweep.Completed);
        lock (_lock)
        {
            if (sweep.Running == 0)
            {
                _history.Remove(sweep.Id);
                return (null, null);
            }

            if (!_history.TryGetValue(sweep.Id, out Queue<Moment>? history))
                _history[sweep.Id] = history = new Queue<Moment>();
            while (history.TryPeek(out Moment? old) && (now - old.At > Longest || old.Done > done + 1e-9))
                history.Dequeue();
            if (history.Count == 0 || now - history.Last().At >= Apart)
                history.Enqueue(latest);
            return Rates(sweep, pace, history.Peek(), latest);
        }
    }

    private static (double? TrialsPerMinute, double? EtaSeconds) Rates(SweepSummary sweep, SweepPace? pace, Moment first, Moment latest)
    {
        double seconds = (latest.At - first.At).TotalSeconds;
        bool seasoned = seconds >= Shortest.TotalSeconds && latest.Done > first.Done;

        // Attempts that have shown nothing yet go as fast as those that have.
        double costPerSecond = seasoned ? (latest.Done - first.Done) / seconds
            : pace is { Measured: > 0 } ? pace.CostPerSecond * pace.Running / pace.Measured : 0;
        if (!(costPerSecond > 0))
            return (null, null);
        double mean = sweep.CostTotal / Math.Max(1, sweep.Total);
        double left = Math.Max(0, sweep.CostTotal - latest.Done - (mean * (sweep.Failed + sweep.Cancelled)));
        int completed = latest.Completed - first.Completed;
        double perMinute = seasoned && completed >= FewestTrials ? 60 * completed / seconds : 60 * costPerSecond / mean;
        return (perMinute, sweep.Paused ? null : left / costPerSecond);
    }

    private sealed record Moment(DateTimeOffset At, double Done, int Completed);
}
