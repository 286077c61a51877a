using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>The coordinator's promises over lists in memory: slow, obvious, single-threaded.</summary>
internal sealed class CoordinatorModel(CoordinatorOptions options, Func<DateTimeOffset> clock)
{
    private readonly Dictionary<int, ModelSilo> _silos = [];
    private readonly List<int> _submitted = [];
    private readonly HashSet<int> _paused = [];

    public List<ModelTrial> Trials { get; } = [];

    public IReadOnlyDictionary<int, ModelSilo> Silos => _silos;

    public bool IsSubmitted(int sweep) => _submitted.Contains(sweep);

    public bool IsPaused(int sweep) => _paused.Contains(sweep);

    public IEnumerable<ModelTrial> Of(int sweep) => Trials.Where(trial => trial.Sweep == sweep);

    public long Submit(int sweep, IReadOnlyList<(double Cost, Abilities Needs)> trials)
    {
        if (IsSubmitted(sweep))
            return 0;
        _submitted.Add(sweep);
        Trials.AddRange(trials.Select((trial, number) => new ModelTrial(sweep, number, trial.Cost, trial.Needs)));
        return trials.Count;
    }

    /// <summary>Queued trials of a sweep whose needs no silo seen lately offers.</summary>
    public IEnumerable<ModelTrial> Unserved(int sweep) => Of(sweep).Where(trial => trial.State == TrialStatus.Queued && trial.Needs != Abilities.None
        && !_silos.Values.Any(silo => !silo.Quarantined && silo.LastSeen > clock() - (2 * options.LeaseDuration) && silo.Offers.HasFlag(trial.Needs)));

    /// <param name="offers">Null says nothing: the silo keeps what it said, and offers nothing this time.</param>
    public List<ModelLease> Lease(int silo, int most, int? sweep, Abilities? offers)
    {
        Expire();
        ModelSilo mine = Seen(silo);
        mine.Offers = offers ?? mine.Offers;
        if (mine.Quarantined)
            return [];
        bool others = _silos.Any(
            other => other.Key != silo && !other.Value.Quarantined && other.Value.LastSeen > clock() - (2 * options.LeaseDuration));
        bool Suspect(ModelTrial trial) => trial.Losses >= options.SuspectAfterLosses;
        int suspects = Trials.Count(trial => trial.State == TrialStatus.Running && trial.Attempts[^1].Silo == silo && Suspect(trial));
        List<ModelTrial> taken = [];
        while (taken.Count < most)
        {
            ModelTrial? next = Trials
                .Where(trial => trial.State == TrialStatus.Queued && !IsPaused(trial.Sweep) && (sweep is null || sweep == trial.Sweep))
                .Where(trial => (offers ?? Abilities.None).HasFlag(trial.Needs))
                .Where(trial => !others || trial.FailedOn is not { } failed || failed.Silo != silo || failed.At <= clock() - options.RetryElsewhereFor)
                .Where(trial => !Suspect(trial) || suspects == 0)
                .OrderBy(Suspect).ThenByDescending(trial => trial.Cost).ThenBy(trial => trial.Number)
                .DistinctBy(trial => trial.Sweep)
                .OrderBy(trial => Of(trial.Sweep).Count(other => other.State == TrialStatus.Running))
                .ThenByDescending(trial => trial.Cost).ThenBy(trial => _submitted.IndexOf(trial.Sweep))
                .FirstOrDefault();
            if (next is null)
                break;
            suspects += Suspect(next) ? 1 : 0;
            next.State = TrialStatus.Running;
            next.Expires = clock() + options.LeaseDuration;
            next.Attempts.Add(new ModelAttempt(silo));
            taken.Add(next);
        }

        return [.. taken.Select(trial => new ModelLease(trial, trial.Attempts.Count))];
    }

    public HeartbeatAnswer Heartbeat(int silo, ModelLease lease)
    {
        Seen(silo);
        ModelTrial trial = lease.Trial;
        if (!Stands(lease) || trial.Attempts[^1].Silo != silo)
            return HeartbeatAnswer.Lost;
        trial.Expires = clock() + options.LeaseDuration;
        return trial.Cancelling ? HeartbeatAnswer.Cancelled : IsPaused(trial.Sweep) ? HeartbeatAnswer.Paused : HeartbeatAnswer.Renewed;
    }

    public ReportAnswer Complete(ModelLease lease)
    {
        if (!Stands(lease))
            return Again(lease, AttemptOutcome.Completed);
        ModelTrial trial = lease.Trial;
        trial.End(AttemptOutcome.Completed, TrialStatus.Completed);
        _silos[trial.Attempts[^1].Silo].Clear();
        foreach (ModelSilo silo in _silos.Values.Where(silo => silo.Streak.Any(failure => failure.Trial == trial)))
        {
            silo.Proven.Add(trial);
            Judge(silo);
        }

        return ReportAnswer.Accepted;
    }

    public ReportAnswer Fail(ModelLease lease, AttemptOutcome cause, bool mustRepeat)
    {
        if (!Stands(lease))
            return Again(lease, cause);
        ModelTrial trial = lease.Trial;
        ModelAttempt attempt = trial.Attempts[^1];
        ModelSilo silo = _silos[attempt.Silo];
        attempt.Charged = cause == AttemptOutcome.Failed && !silo.Quarantined;
        trial.MemoryFailures = cause == AttemptOutcome.OutOfMemory ? trial.MemoryFailures + 1 : 0;
        bool spent = cause == AttemptOutcome.OutOfMemory
            ? trial.MemoryFailures >= options.OutOfMemoryAttempts
            : trial.Failures > options.RetryBudget || (attempt.Charged && mustRepeat);
        trial.End(cause, trial.Cancelling ? TrialStatus.Cancelled : spent ? TrialStatus.Failed : TrialStatus.Queued);
        if (cause == AttemptOutcome.Failed)
            trial.FailedOn = (attempt.Silo, clock());
        if (attempt.Charged)
        {
            silo.Streak.Add((trial, attempt));
            Judge(silo);
        }

        return ReportAnswer.Accepted;
    }

    public ReportAnswer Release(ModelLease lease, AttemptOutcome cause)
    {
        if (!Stands(lease))
            return Again(lease, cause);
        lease.Trial.End(cause, lease.Trial.BackTo);
        return ReportAnswer.Accepted;
    }

    public void Pause(int sweep)
    {
        Expire(sweep);
        _paused.Add(sweep);
    }

    public void Resume(int sweep)
    {
        Expire(sweep);
        _paused.Remove(sweep);
    }

    public void Cancel(int sweep)
    {
        Expire(sweep);
        foreach (ModelTrial trial in Of(sweep))
        {
            if (trial.State == TrialStatus.Queued)
                trial.State = TrialStatus.Cancelled;
            else if (trial.State == TrialStatus.Running)
                trial.Cancelling = true;
        }
    }

    public int Retry(int sweep, int? number)
    {
        Expire(sweep);
        int count = 0;
        foreach (ModelTrial trial in Of(sweep).Where(trial => number is null || trial.Number == number))
        {
            if (trial.State == TrialStatus.Running && trial.Cancelling)
            {
                trial.Cancelling = false;
                count++;
            }
            else if (trial.State is TrialStatus.Failed or TrialStatus.Cancelled)
            {
                QueueAgain(trial);
                count++;
            }
        }

        return count;
    }

    public int Discard(int sweep, int number)
    {
        Expire(sweep);
        List<ModelTrial> completed = [.. Of(sweep).Where(trial => trial.Number == number && trial.State == TrialStatus.Completed)];
        completed.ForEach(QueueAgain);
        return completed.Count;
    }

    private static void QueueAgain(ModelTrial trial)
    {
        trial.State = TrialStatus.Queued;
        trial.MemoryFailures = 0;
        trial.Losses = 0;
        trial.FailedOn = null;
        trial.Attempts.ForEach(attempt => attempt.Charged = false);
    }

    public int Reclaim(int silo)
    {
        Expire();
        List<ModelTrial> held = [.. Trials.Where(trial => trial.State == TrialStatus.Running && trial.Attempts[^1].Silo == silo)];
        held.ForEach(Lose);
        if (_silos.TryGetValue(silo, out ModelSilo? row))
            row.LastSeen = null;
        return held.Count;
    }

    public bool Unquarantine(int silo)
    {
        if (!_silos.TryGetValue(silo, out ModelSilo? row))
            return false;
        bool lifted = row.Quarantined;
        row.Quarantined = false;
        row.Clear();
        return lifted;
    }

    private bool Stands(ModelLease lease) =>
        lease.Trial.State == TrialStatus.Running && lease.Trial.Attempts.Count == lease.Attempt;

    private static ReportAnswer Again(ModelLease lease, AttemptOutcome cause) =>
        lease.Trial.Attempts[lease.Attempt - 1].Outcome == cause ? ReportAnswer.Accepted : ReportAnswer.Stale;

    /// <param name="sweep">Null for all.</param>
    private void Expire(int? sweep = null)
    {
        foreach (ModelTrial trial in Trials.Where(trial => (sweep is null || trial.Sweep == sweep) && trial.State == TrialStatus.Running
            && trial.Expires <= clock()))
        {
            Lose(trial);
        }
    }

    private void Lose(ModelTrial trial)
    {
        trial.Losses++;
        trial.End(AttemptOutcome.Lost, trial.Losses >= options.LostAttempts && !trial.Cancelling ? TrialStatus.Failed : trial.BackTo);
    }

    private ModelSilo Seen(int silo)
    {
        if (!_silos.TryGetValue(silo, out ModelSilo? row))
            _silos.Add(silo, row = new ModelSilo());
        row.LastSeen = clock();
        return row;
    }

    private void Judge(ModelSilo silo)
    {
        if (silo.Proven.Count == 0 || silo.Streak.Select(failure => failure.Trial).Distinct().Count() < options.QuarantineAfterTrials)
            return;
        silo.Quarantined = true;
        foreach ((ModelTrial trial, ModelAttempt attempt) in silo.Streak)
        {
            bool spent = trial.Failures > options.RetryBudget || attempt == trial.Attempts[^1];
            attempt.Charged = false;
            if (trial.State == TrialStatus.Failed && spent && trial.Failures <= options.RetryBudget)
                trial.State = TrialStatus.Queued;
        }

        silo.Clear();
    }
}
