using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;
using static Sweep.Grains.Orleans.Ledger.BatchCommands;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// One transaction's worth of heartbeats, results and leases: decided on the queue, written together, each statement under the condition that
/// the store's rows are as the queue has them. Calls that arrive together are concurrent, so their order is free: heartbeats, then results, then leases.
/// </summary>
internal sealed class LedgerBatch(string sweepId, SweepQueue queue, SqlWork work, Func<string, long?> silos, CoordinatorOptions options)
{
    /// <summary>A silo seen this recently isn't written again, as in the other engines.</summary>
    private const long FreshMilliseconds = 500;

    // Each with the trial's state that the store is expected to have.
    private readonly List<(HeartbeatOperation Operation, int Entry, SweepTrial Trial, TrialState Held)> _beats = [];
    private readonly List<(CompleteOperation Operation, SweepTrial Trial, TrialState Held)> _completes = [];
    private readonly List<(LedgerOperation<WireLease[]> Operation, SweepTrial Trial)> _takes = [];

    /// <summary>Completed trials for whose silo or for which there is a failure on record: quarantine has to look at them.</summary>
    public List<(long Silo, long Trial)> Suspicious { get; } = [];

    private long Expires => work.Now + (long)options.LeaseDuration.TotalMilliseconds;

    /// <summary>
    /// All that the queue can decide but what silos get next; returns the results whose leases don't stand, as far as it knows: for the store to decide.
    /// </summary>
    public List<CompleteOperation> Add(List<LedgerOperation> operations)
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
        {
            if (silo.LastSeen is null || silo.LastSeen <= work.Now - FreshMilliseconds)
                work.Later("UPDATE silos SET last_seen = @Now WHERE silo = @Silo", new { silo.Silo, work.Now });
        }

        foreach (NextOperation operation in operations)
        {
            WireLeaseRequest wanted = operation.Wanted;
            bool mine = wanted.SweepId is null || wanted.SweepId == sweepId;
            if (mine && outlook.Silos.TryGetValue(wanted.Silo, out SiloState? silo) && wanted.MaxTrials > 0 && silo.IsAsSaid(wanted))
            {
                SiloRequest request = new(silo.Silo, wanted.MaxTrials) { Offers = wanted.Offers };
                Give(operation, queue.Next(request, wanted.SweepId is null ? outlook.OtherSweep : null), silo.Silo);
            }
        }
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
            _beats.Add((operation, i, trial, trial.State));
            queue.Renew(trial, work.Now);
        }
    }

    /// <summary>False when the lease doesn't stand, as far as the ledger knows: the store is to decide.</summary>
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

    private void Give(LedgerOperation<WireLease[]> operation, List<SweepTrial> trials, long silo)
    {
        foreach (SweepTrial trial in trials)
        {
            queue.Lease(trial, silo, work.Now);
            _takes.Add((operation, trial));
        }
    }

    /// <summary>Adds what is to be written; each statement fails, with a division by zero, if a row is not as the queue has it.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        if (_beats.Count > 0)
            AddBeats(batch);
        if (_completes.Count > 0)
            LedgerCompletes.AddTo(batch, _completes.ConvertAll(c => (c.Trial, c.Held, c.Operation.Report.Result!)), work.Now);
        if (_takes.Count > 0)
            AddTakes(batch);
        foreach ((_, SweepTrial trial, _) in _completes)
            work.Move(queue.Sweep, TrialStatus.Running, TrialStatus.Completed, trial.Cost);
        if (_takes.Count > 0)
            work.Move(queue.Sweep, TrialStatus.Queued, TrialStatus.Running, 0, _takes.Count);
    }

    /// <summary>Reads what the statements return, and answers.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader)
    {
        if (_beats.Count > 0)
            await ReadBeatsAsync(reader);
        if (_completes.Count > 0)
            await ReadCompletesAsync(reader);
        if (_takes.Count > 0)
            await ReadTakesAsync(reader);
    }

    private void AddBeats(NpgsqlBatch batch)
    {
        // Of two entries for one lease the later counts.
        var latest = _beats.GroupBy(b => b.Trial.Key).Select(g => g.Last()).ToList();
        batch.Add(
            """
            WITH renewed AS (
                UPDATE trials t SET expires = $1, phase = u.phase, fraction = u.fraction, loss = u.loss
                FROM unnest($3, $4, $5, $6, $7, $8) AS u(trial, token, silo, phase, fraction, loss)
                WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.token AND t.silo = u.silo
                RETURNING t.trial, t.cancelling)
            SELECT r.trial, r.cancelling, s.paused, c.complete
            FROM (SELECT 1 / (count(*) = cardinality($3))::integer AS complete FROM renewed) c LEFT JOIN renewed r ON true LEFT JOIN sweeps s ON s.sweep = $2
            """,
            Value(Expires),
            Value(queue.Sweep),
            Each(latest, b => b.Trial.Key),
            Each(latest, b => b.Held.Attempts),
            Each(latest, b => b.Held.Silo!.Value),
            Each(latest, b => b.Operation.Progress[b.Entry].Phase),
            Each(latest, b => Finite(b.Operation.Progress[b.Entry].Fraction) ?? 0),
            Each(latest, b => Finite(b.Operation.Progress[b.Entry].Loss)));
    }

    private async Task ReadBeatsAsync(NpgsqlDataReader reader)
    {
        Dictionary<long, (bool Cancelling, bool Paused)> renewed = [];
        while (await reader.ReadAsync(work.CancellationToken))
            renewed[reader.GetInt64(0)] = (reader.GetBoolean(1), reader.GetBoolean(2));
        foreach ((HeartbeatOperation operation, int entry, SweepTrial trial, TrialState held) in _beats)
        {
            (bool cancelling, bool paused) = renewed[trial.Key];
            operation.Answer[entry] = (int)(held with { Cancelling = cancelling }).Answer(paused);
            queue.Cancelling(trial, cancelling);
        }

        await reader.NextResultAsync(work.CancellationToken);
    }

    private async Task ReadCompletesAsync(NpgsqlDataReader reader)
    {
        while (await reader.ReadAsync(work.CancellationToken))
        {
            if (reader.GetBoolean(2))
                Suspicious.Add((reader.GetInt64(1), reader.GetInt64(0)));
        }

        await reader.NextResultAsync(work.CancellationToken);
    }

    private void AddTakes(NpgsqlBatch batch) => batch.Add(
        """
        WITH taken AS (
            UPDATE trials t SET state = 1, attempts = u.attempt, silo = u.silo, expires = $1
            FROM unnest($3, $4, $5) AS u(trial, attempt, silo)
            WHERE t.trial = u.trial AND t.state = 0 AND t.attempts = u.attempt - 1
            RETURNING t.trial, t.attempts, t.silo, t.spec, t.digest),
        begun AS (
            INSERT INTO attempts (trial, attempt, silo, started) SELECT trial, attempts, silo, $2 FROM taken)
        SELECT t.trial, t.spec, t.digest, c.complete FROM (SELECT 1 / (count(*) = cardinality($3))::integer AS complete FROM taken) c LEFT JOIN taken t ON true
        """,
        Value(Expires),
        Value(work.Now),
        Each(_takes, t => t.Trial.Key),
        Each(_takes, t => t.Trial.State.Attempts),
        Each(_takes, t => t.Trial.State.Silo!.Value));

    private async Task ReadTakesAsync(NpgsqlDataReader reader)
    {
        Dictionary<long, (string Spec, byte[] Digest)> rows = [];
        while (await reader.ReadAsync(work.CancellationToken))
            rows[reader.GetInt64(0)] = (reader.GetString(1), reader.GetFieldValue<byte[]>(2));
        string Sound(SweepTrial trial) => rows[trial.Key] is var row && RowDigest.OfTrial(trial.Ordinal, trial.Id, row.Spec).AsSpan()
            .SequenceEqual(row.Digest) ? row.Spec : WireLease.Damaged;
        foreach (IGrouping<LedgerOperation<WireLease[]>, (LedgerOperation<WireLease[]>, SweepTrial Trial)> taken in _takes.GroupBy(t => t.Operation))
        {
            taken.Key.Answer = [.. taken.Select(t => new WireLease
            {
                SweepId = sweepId,
                TrialId = t.Trial.Id,
                Spec = Sound(t.Trial),
                Attempt = t.Trial.State.Attempts,
                FencingToken = t.Trial.State.Attempts,
                Holder = t.Trial.State.Silo!.Value,
                Expires = t.Trial.State.Expires!.Value,
                Cost = t.Trial.Cost,
            })];
        }
    }

    /// <summary>As in the other engines: a loss that has diverged is stored as none.</summary>
    private static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
