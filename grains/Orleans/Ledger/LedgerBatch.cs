using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// One transaction's worth of heartbeats, results and leases: decided on the ledger, written in one round trip, each statement under the condition that
/// the store's rows are as the ledger has them. Calls that arrive together are concurrent, so their order is free: heartbeats, then results, then leases.
/// </summary>
internal sealed class LedgerBatch(SweepLedger ledger, SqlWork work, Func<string, long?> silos, CoordinatorOptions options)
{
    private readonly List<(HeartbeatOperation Operation, int Entry, LedgerTrial Trial)> _beats = [];
    private readonly List<(CompleteOperation Operation, LedgerTrial Trial)> _completes = [];
    private readonly List<(TakeOperation Operation, LedgerTrial Trial)> _takes = [];

    /// <summary>Completed trials for whose silo or for which there is a failure on record: quarantine has to look at them.</summary>
    public List<(long Silo, long Trial)> Suspicious { get; } = [];

    private long Expires => work.Now + (long)options.LeaseDuration.TotalMilliseconds;

    public void Add(HeartbeatOperation operation)
    {
        operation.Answer = new int[operation.Progress.Length];
        long? silo = silos(operation.Silo);
        for (int i = 0; i < operation.Progress.Length; i++)
        {
            WireProgress entry = operation.Progress[i];
            LedgerTrial? trial = silo is { } key ? ledger.Held(entry.TrialId, key, entry.FencingToken, work.Now) : null;
            operation.Answer[i] = (int)HeartbeatAnswer.Lost;
            if (trial is not null)
                _beats.Add((operation, i, trial));
        }
    }

    /// <summary>False when the lease doesn't stand, as far as the ledger knows: the store is to decide.</summary>
    public bool TryAdd(CompleteOperation operation)
    {
        operation.Ordinal = null;
        WireReport report = operation.Report;
        if (ledger.Held(report.TrialId, report.Holder, report.FencingToken, work.Now) is not { } trial)
            return false;
        ledger.Complete(trial);
        operation.Answer = (int)ReportAnswer.Accepted;
        operation.Ordinal = trial.Ordinal;
        _completes.Add((operation, trial));
        return true;
    }

    public void Add(TakeOperation operation)
    {
        WireTake wanted = operation.Wanted;
        operation.Answer = [];
        IEnumerable<LedgerTrial> trials = wanted.Trials is { } named
            ? named.Select(ledger.QueuedTrial).OfType<LedgerTrial>()
            : ledger.Best(wanted.Silo, wanted.Most, wanted.FailedSince, wanted.HoldsSuspect);
        foreach (LedgerTrial trial in trials.ToList())
        {
            ledger.Take(trial, wanted.Silo, Expires);
            _takes.Add((operation, trial));
        }
    }

    /// <exception cref="LedgerRefusedException">A row is not as the ledger has it; the transaction is to be rolled back.</exception>
    public async Task WriteAsync(string sweepId)
    {
        await using NpgsqlBatch batch = new((NpgsqlConnection)work.Connection);
        if (_beats.Count > 0)
            AddBeats(batch);
        if (_completes.Count > 0)
            LedgerCompletes.AddTo(batch, _completes.ConvertAll(c => c.Trial), work.Now);
        if (_takes.Count > 0)
            AddTakes(batch);
        if (batch.BatchCommands.Count == 0)
            return;
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(work.CancellationToken);
        if (_beats.Count > 0)
            await ReadBeatsAsync(reader);
        if (_completes.Count > 0)
            await ReadCompletesAsync(reader);
        if (_takes.Count > 0)
            await ReadTakesAsync(reader, sweepId);
        foreach ((CompleteOperation operation, LedgerTrial trial) in _completes)
        {
            work.Store.StoreResult(work, new TrialRow { Trial = trial.Trial, Sweep = ledger.Sweep, Attempts = trial.Attempts }, operation.Report.Result!.ToResult());
            work.Move(ledger.Sweep, TrialState.Running, TrialState.Completed, trial.Cost);
        }

        if (_takes.Count > 0)
            work.Move(ledger.Sweep, TrialState.Queued, TrialState.Running, 0, _takes.Count);
    }

    private void AddBeats(NpgsqlBatch batch)
    {
        NpgsqlBatchCommand command = new(
            """
            WITH renewed AS (
                UPDATE trials t SET expires = @expires, phase = u.phase, fraction = u.fraction, loss = u.loss
                FROM unnest(@trial, @token, @silo, @phase, @fraction, @loss) AS u(trial, token, silo, phase, fraction, loss)
                WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.token AND t.silo = u.silo
                RETURNING t.trial, t.cancelling)
            SELECT r.trial, r.cancelling, s.paused FROM renewed r, sweeps s WHERE s.sweep = @sweep
            """);
        // Who says it twice has said the latter.
        var latest = _beats.GroupBy(b => b.Trial.Trial).Select(g => g.Last()).ToList();
        command.Parameters.AddWithValue("expires", Expires);
        command.Parameters.AddWithValue("sweep", ledger.Sweep);
        command.Parameters.AddWithValue("trial", Each(latest, b => b.Trial.Trial));
        command.Parameters.AddWithValue("token", Each(latest, b => b.Trial.Attempts));
        command.Parameters.AddWithValue("silo", Each(latest, b => b.Trial.Silo!.Value));
        command.Parameters.AddWithValue("phase", Each(latest, b => b.Operation.Progress[b.Entry].Phase));
        command.Parameters.AddWithValue("fraction", Each(latest, b => Finite(b.Operation.Progress[b.Entry].Fraction) ?? 0));
        command.Parameters.AddWithValue("loss", Each(latest, b => Finite(b.Operation.Progress[b.Entry].Loss)));
        batch.BatchCommands.Add(command);
    }

    private async Task ReadBeatsAsync(NpgsqlDataReader reader)
    {
        Dictionary<long, (bool Cancelling, bool Paused)> renewed = [];
        while (await reader.ReadAsync(work.CancellationToken))
            renewed[reader.GetInt64(0)] = (reader.GetBoolean(1), reader.GetBoolean(2));
        if (_beats.Exists(b => !renewed.ContainsKey(b.Trial.Trial)))
            throw new LedgerRefusedException();
        foreach ((HeartbeatOperation operation, int entry, LedgerTrial trial) in _beats)
        {
            (trial.Cancelling, bool paused) = renewed[trial.Trial];
            trial.Expires = Expires;
            operation.Answer[entry] = (int)(trial.Cancelling ? HeartbeatAnswer.Cancelled : paused ? HeartbeatAnswer.Paused : HeartbeatAnswer.Renewed);
        }

        await reader.NextResultAsync(work.CancellationToken);
    }

    private async Task ReadCompletesAsync(NpgsqlDataReader reader)
    {
        int rows = 0;
        while (await reader.ReadAsync(work.CancellationToken))
        {
            rows++;
            if (reader.GetBoolean(2))
                Suspicious.Add((reader.GetInt64(1), reader.GetInt64(0)));
        }

        if (rows != _completes.Count)
            throw new LedgerRefusedException();
        await reader.NextResultAsync(work.CancellationToken);
    }

    private void AddTakes(NpgsqlBatch batch)
    {
        NpgsqlBatchCommand command = new(
            """
            WITH taken AS (
                UPDATE trials t SET state = 1, attempts = u.attempt, silo = u.silo, expires = @expires
                FROM unnest(@trial, @attempt, @silo) AS u(trial, attempt, silo)
                WHERE t.trial = u.trial AND t.state = 0 AND t.attempts = u.attempt - 1
                RETURNING t.trial, t.attempts, t.silo, t.spec),
            begun AS (
                INSERT INTO attempts (trial, attempt, silo, started) SELECT trial, attempts, silo, @now FROM taken)
            SELECT trial, spec FROM taken
            """);
        command.Parameters.AddWithValue("expires", Expires);
        command.Parameters.AddWithValue("now", work.Now);
        command.Parameters.AddWithValue("trial", Each(_takes, t => t.Trial.Trial));
        command.Parameters.AddWithValue("attempt", Each(_takes, t => t.Trial.Attempts));
        command.Parameters.AddWithValue("silo", Each(_takes, t => t.Trial.Silo!.Value));
        batch.BatchCommands.Add(command);
    }

    private async Task ReadTakesAsync(NpgsqlDataReader reader, string sweepId)
    {
        Dictionary<long, string> specs = [];
        while (await reader.ReadAsync(work.CancellationToken))
            specs[reader.GetInt64(0)] = reader.GetString(1);
        if (specs.Count != _takes.Count)
            throw new LedgerRefusedException();
        foreach (IGrouping<TakeOperation, (TakeOperation, LedgerTrial Trial)> taken in _takes.GroupBy(t => t.Operation))
        {
            taken.Key.Answer = [.. taken.Select(t => new WireLease
            {
                SweepId = sweepId,
                TrialId = t.Trial.Id,
                Spec = specs[t.Trial.Trial],
                Attempt = t.Trial.Attempts,
                FencingToken = t.Trial.Attempts,
                Holder = t.Trial.Silo!.Value,
                Expires = Expires,
                OutOfMemoryAttempts = t.Trial.MemoryFailures,
            })];
        }
    }

    private static TValue[] Each<TItem, TValue>(List<TItem> items, Func<TItem, TValue> value) => [.. items.Select(value)];

    /// <summary>As in the other engines: a loss that has diverged is stored as none.</summary>
    private static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
