using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Running;

/// <summary>What a run has come to: fed by the silo's threads, read by a view. Thread-safe.</summary>
internal sealed class RunState(SweepSummary start, SweepSpec spec, TimeProvider time) : ISiloObserver
{
    private readonly Lock _lock = new();
    private readonly List<AttemptProgress> _running = [];
    private readonly List<string> _messages = [];
    private readonly FailureLines _failures = new();
    private readonly BestSoFar _best = new(spec.Compare.Metric);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Pace _pace = new();
    private readonly Dictionary<string, double> _costs = new(StringComparer.Ordinal);
    private int _completed = start.Completed;
    private int _failed = start.Failed;
    private double _costCompleted;
    private int _total = start.Total - start.Pruned;
    private double _costTotal = start.CostTotal;

    public string Name { get; } = spec.Name;

    public const string StoppingText = "stopping: running trials are checkpointed; Ctrl-C again stops at once";

    public bool IsStopping { get; private set; }

    /// <summary>What a race turned out not to need is no part of the run any more, and what tuning chose may cost otherwise.</summary>
    public void Planned(SweepSummary now)
    {
        lock (_lock)
            (_total, _costTotal) = (now.Total - now.Pruned, now.CostTotal);
    }

    /// <summary>What each trial is estimated to cost, for the ETA; before the run begins.</summary>
    public void Plan(IEnumerable<PlannedTrial> trials)
    {
        foreach (PlannedTrial planned in trials)
            _costs[planned.Trial.Id] = planned.EstimatedCost;
    }

    public void AddCompleted(CompletedTrial trial)
    {
        lock (_lock)
            Rank(trial.Trial, trial.Result);
    }

    /// <summary>Of what confirms a choice it isn't known before.</summary>
    private double CostOf(TrialSpec trial) => _costs.TryGetValue(trial.Id, out double cost) ? cost : TrialCost.Estimate(trial);

    /// <summary>What settings are chosen by is no result of an arm.</summary>
    private void Rank(TrialSpec trial, TrialResult result)
    {
        if (!spec.IsTuning(trial))
            _best.Add(trial, result);
    }

    public void Started(AttemptProgress attempt)
    {
        lock (_lock)
            _running.Add(attempt);
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        TrialSpec trial = attempt.Lease.Trial;
        lock (_lock)
        {
            _running.Remove(attempt);
            if (result is not null)
            {
                _completed++;
                _costCompleted += CostOf(trial);
                Rank(trial, result);
                See([.. _running.Select(r => r.Snapshot())]);
            }
            else if (outcome is AttemptOutcome.Failed or AttemptOutcome.OutOfMemory or AttemptOutcome.Lost or AttemptOutcome.Stalled)
            {
                if (_failures.Add(trial, attempt.Lease.Attempt, outcome, message) is { } line)
                    _messages.Add(line);
            }
        }
    }

    public void Warning(string message)
    {
        lock (_lock)
            _messages.Add(message);
    }

    public void StoreUnreachable(string message, TimeSpan retryIn)
    {
        lock (_lock)
            _messages.Add($"the store does not answer ({message}); trying again in {retryIn.TotalSeconds:0.#} s");
    }

    /// <summary>A drain was asked for: said once in the messages, and shown as long as the run goes on.</summary>
    public void Stopping()
    {
        lock (_lock)
        {
            IsStopping = true;
            _messages.Add(StoppingText);
        }
    }

    /// <summary>Failures and warnings since the last call.</summary>
    public IReadOnlyList<string> TakeMessages()
    {
        lock (_lock)
        {
            string[] taken = [.. _messages];
            _messages.Clear();
            return taken;
        }
    }

    /// <summary>At the end: what failed like something that a message has told of.</summary>
    public IReadOnlyList<string> TakeFailures()
    {
        lock (_lock)
            return _failures.Rest();
    }

    public RunSnapshot Snapshot()
    {
        lock (_lock)
        {
            LeaseProgress[] running = [.. _running.Select(r => r.Snapshot())];
            double before = start.CostCompleted;
            double done = See(running);
            double total = Math.Max(_costTotal, double.Epsilon);
            TimeSpan elapsed = time.GetUtcNow() - _started;
            double left = Math.Max(0, total - before - done);
            TimeSpan? eta = _pace.Rate(total / Math.Max(1, _total) * running.Length) is { } rate ? TimeSpan.FromSeconds(left / rate.Cost) : null;
            return new RunSnapshot
            {
                Completed = _completed,
                Failed = _failed,
                Total = _total,
                Fraction = Math.Clamp((before + done) / total, 0, 1),
                Elapsed = elapsed,
                Remaining = eta,
                Running = [.. _running.Zip(running, (attempt, progress) => (attempt.Lease.Trial, progress))],
                Best = _best.Lines(),
            };
        }
    }

    /// <summary>Takes note of the cost done by this run, which it returns.</summary>
    private double See(LeaseProgress[] running)
    {
        double done = _costCompleted;
        for (int i = 0; i < running.Length; i++)
            done += running[i].Fraction * CostOf(_running[i].Lease.Trial);
        _pace.See(time.GetUtcNow(), done, _completed - start.Completed);
        return done;
    }
}
