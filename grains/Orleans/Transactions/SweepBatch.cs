using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// One transaction's worth of heartbeats, results and leases: decided on the queue, written together, each statement under the condition that
/// the store's rows are as the queue has them. Calls that arrive together are concurrent, so their order is free: heartbeats, then results, then leases.
/// </summary>
/// <param name="unwritten">What stands in no row yet; empty where all has been written.</param>
/// <param name="host">The silo of the sweep's grain, whose leases are written before they are given; null says nothing.</param>
internal sealed class SweepBatch(
    string sweepId, SweepQueue queue, SqlWork work, Func<string, long?> silos, CoordinatorOptions options, UnwrittenLeases unwritten, string? host)
{
    // Each with the trial's state that the store is expected to have.
    private readonly List<(HeartbeatOperation Operation, int Entry, SweepTrial Trial, TrialState Held)> _beats = [];
    private readonly List<(CompleteOperation Operation, SweepTrial Trial, TrialState Held)> _completes = [];
    private readonly List<(SweepOperation<WireLease[]> Operation, SweepTrial Trial)> _takes = [];
    private readonly List<(SweepOperation<WireLease[]> Operation, SweepTrial Trial, StoredSpec Spec)> _promises = [];
    private readonly List<UnwrittenLease> _due = [];
    private List<long> _wanted = [];

    /// <summary>Completed trials for whose silo or for which there is a failure on record: quarantine has to look at them.</summary>
    public List<(long Silo, long Trial)> Suspicious { get; } = [];

    private long Expires => work.Now + (long)options.LeaseDuration.TotalMilliseconds;

    /// <summary>
    /// All that the queue can decide but what silos get next; returns the results whose leases don't stand, as far as it knows: for the store to decide.
    /// </summary>
    public List<CompleteOperation> Add(List<SweepOperation> operations)
    {
        foreach (HeartbeatOperation operation in operations.OfType<HeartbeatOperation>())
            Add(operation);
        List<CompleteOperation> unknown = [.. operations.OfType<CompleteOperation>().Where(operation => !TryAdd(operation))];
        foreach (TakeOperation operation in operations.OfType<TakeOperation>())
            Add(operation);
        return unknown;
    }

    /// <summary>Gives what the dispatcher would give; nothing where it has something to decide.</summary>
    public void Add(NextOperation[] operations, Outlook outlook)
    {
        foreach (SiloState silo in outlook.Silos.Values.OrderBy(s => s.Silo))
            Silos.Seen(work, silo);

        foreach (NextOperation operation in operations)
        {
            WireLeaseRequest wanted = operation.Wanted;
            bool mine = wanted.SweepId is null || wanted.SweepId == sweepId;
            if (mine && outlook.Silos.TryGetValue(wanted.Silo, out SiloState? silo) && wanted.MaxTrials > 0 && silo.IsAsSaid(wanted.ToRequest().About))
            {
                SiloRequest request = new(silo.Silo, wanted.MaxTrials) { Offers = wanted.Offers };
                List<SweepTrial> trials = queue.Next(request, wanted.SweepId is null ? outlook.OtherSweep : null);
                Give(operation, trials, silo.Silo, wanted.Silo != host && options.UnwrittenFor > TimeSpan.Zero);
            }
        }

        if (options.UnwrittenFor > TimeSpan.Zero && operations.Length > 0)
            _wanted = unwritten.Wanted(queue, _takes.Count + _promises.Count);
    }

    /// <summary>What has stood in no row for long is written, but what ends.</summary>
    public void AddDue(bool evenNew = false)
    {
        HashSet<string> ends = [.. _completes.Select(c => c.Trial.Id)];
        _due.AddRange(unwritten.Due(work.Now, evenNew ? TimeSpan.Zero : options.UnwrittenFor).Where(u => !ends.Contains(u.TrialId)));
    }

    /// <summary>Of the leases that stand in no row: these do now, or have ended; and the new ones.</summary>
    public void Committed()
    {
        foreach (UnwrittenLease written in _due)
            unwritten.Remove(written.TrialId);
        foreach ((_, SweepTrial trial, _) in _completes)
            unwritten.Remove(trial.Id);
        foreach ((_, SweepTrial trial, _) in _promises)
            unwritten.Add(trial, work.Now);
    }

    private void Add(HeartbeatOperation operation)
    {
        operation.Answer = new int[operation.Progress.Length];
        long? silo = silos(operation.Silo);
        for (int i = 0; i < operation.Progress.Length; i++)
        {
            WireProgress entry = operation.Progress[i];
            operation.Answer[i] = (int)HeartbeatAnswer.Lost;
            if (silo is not { } key || queue.Held(entry.TrialId, key, entry.FencingToken) is not { } trial)
                continue;
            if (unwritten.Of(trial.Id) is not null)
                operation.Answer[i] = (int)HeartbeatAnswer.Renewed;
            else
                _beats.Add((operation, i, trial, trial.State));
            queue.Renew(trial, work.Now);
        }
    }

    /// <summary>False when the lease doesn't stand, as far as the queue knows: the store is to decide.</summary>
    private bool TryAdd(CompleteOperation operation)
    {
        operation.Ordinal = null;
        WireReport report = operation.Report;
        if (queue.Held(report.TrialId, report.Holder, report.FencingToken) is not { } trial)
            return false;
        _completes.Add((operation, trial, trial.State));
        queue.End(trial, trial.State.Complete(work.Now));
        operation.Answer = (int)ReportAnswer.Accepted;
        operation.Ordinal = trial.Ordinal;
        return true;
    }

    private void Add(TakeOperation operation)
    {
        WireTake wanted = operation.Wanted;
        operation.Answer = [];
        Give(operation, wanted.Trials is { } named ? queue.Named(named) : queue.Best(wanted.ToRequest()), wanted.Silo);
    }

    /// <param name="promise">Before it is written, where it is the trial's first lease and its spec is known.</param>
    private void Give(SweepOperation<WireLease[]> operation, List<SweepTrial> trials, long silo, bool promise = false)
    {
        foreach (SweepTrial trial in trials)
        {
            bool first = trial.State.Attempts == 0;
            queue.Lease(trial, silo, work.Now);
            if (promise && first && unwritten.Spec(trial.Key) is { } spec)
                _promises.Add((operation, trial, spec));
            else
                _takes.Add((operation, trial));
        }
    }

    /// <summary>What is to be written.</summary>
    public GuardedWrites Writes()
    {
        foreach ((_, SweepTrial trial, _) in _completes)
            work.Move(queue.Sweep, unwritten.Of(trial.Id) is null ? TrialStatus.Running : TrialStatus.Queued, TrialStatus.Completed, trial.Cost);
        if (_takes.Count + _due.Count > 0)
            work.Move(queue.Sweep, TrialStatus.Queued, TrialStatus.Running, 0, _takes.Count + _due.Count);
        return new GuardedWrites(queue.Sweep, Expires)
        {
            // Of two entries for one lease the later counts.
            Renewals = _beats.GroupBy(b => b.Trial.Key).Select(g => g.Last()).Select(b => b.Operation.Progress[b.Entry] is var progress
                ? new Renewal(
                    b.Trial.Key, b.Held.Attempts, b.Held.Silo!.Value, progress.Phase, Math.Clamp(Finite(progress.Fraction) ?? 0, 0, 1), Finite(progress.Loss))
                : default).ToList(),
            Completions = _completes.ConvertAll(c => new Completion(
                c.Trial.Key, c.Trial.Id, c.Held.Attempts, c.Held.Silo!.Value, c.Operation.Report.Result!.ToContent(), unwritten.Of(c.Trial.Id)?.Began)),
            Beginnings =
            [
                .. _takes.Select(t => new Beginning(t.Trial.Key, t.Trial.State.Attempts, t.Trial.State.Silo!.Value, work.Now)),
                .. _due.Select(u => u.ToBeginning()),
            ],
            Wanted = _wanted,
        };
    }

    /// <summary>Answers with what the store says to the writes.</summary>
    public void Read(GuardedAnswers answers)
    {
        foreach ((HeartbeatOperation operation, int entry, SweepTrial trial, TrialState held) in _beats)
        {
            bool cancelling = answers.Cancelling.Contains(trial.Key);
            operation.Answer[entry] = (int)(held with { Cancelling = cancelling }).Answer(answers.Paused);
            queue.Cancelling(trial, cancelling);
        }

        Suspicious.AddRange(_completes.Where(c => answers.WithFailures.Contains(c.Trial.Key)).Select(c => (c.Held.Silo!.Value, c.Trial.Key)));
        foreach (long trial in _wanted)
        {
            if (answers.Specs.TryGetValue(trial, out StoredSpec spec))
                unwritten.Knows(trial, spec);
        }

        IEnumerable<(SweepOperation<WireLease[]> Operation, SweepTrial Trial, StoredSpec Row)> given =
            [.. _takes.Select(t => (t.Operation, t.Trial, answers.Specs[t.Trial.Key])), .. _promises];
        foreach (IGrouping<SweepOperation<WireLease[]>, (SweepOperation<WireLease[]>, SweepTrial Trial, StoredSpec Row)> one in given.GroupBy(t => t.Operation))
        {
            one.Key.Answer = [.. one.Select(t => new WireLease
            {
                SweepId = sweepId,
                TrialId = t.Trial.Id,
                Spec = Sound(t.Trial, t.Row),
                Attempt = t.Trial.State.Attempts,
                FencingToken = t.Trial.State.Attempts,
                Holder = t.Trial.State.Silo!.Value,
                Expires = t.Trial.State.Expires!.Value,
                Cost = t.Trial.Cost,
            })];
        }
    }

    private static string Sound(SweepTrial trial, StoredSpec row) =>
        RowDigest.OfTrial(trial.Ordinal, trial.Id, row.Spec).AsSpan().SequenceEqual(row.Digest) ? row.Spec : WireLease.Damaged;

    /// <summary>A loss that has diverged is stored as none.</summary>
    private static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
