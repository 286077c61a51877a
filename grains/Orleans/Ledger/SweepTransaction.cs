using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;
using static Sweep.Grains.Orleans.Ledger.BatchCommands;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// Takes a list of calls through one transaction and keeps the sweep's queue in step. After a transaction that was not committed, the next one
/// fills the queue afresh.
/// </summary>
/// <param name="host">The silo that the sweep's grain is on; null says nothing.</param>
internal sealed class SweepTransaction(string sweepId, CoordinatorOptions options, string? host = null)
{
    /// <summary>A silo seen this recently isn't written again, as in the other engines.</summary>
    private const long FreshMilliseconds = 500;

    /// <summary>How often calls are tried on a queue filled afresh before they fail.</summary>
    private const int MaxRefusals = 5;

    private readonly Dictionary<string, long> _silos = new(StringComparer.Ordinal);
    private readonly OutlookRows _outlook = new(options);
    private SweepQueue? _queue;
    private FitPlaces? _places;
    private bool _placesRead;
    private bool _doubtful;
    private bool _doubtedMeanwhile;

    /// <summary>As of the latest transaction, or of the one under way; null when it has to be read first.</summary>
    public SweepQueue? Queue => _doubtful && _doubtedMeanwhile ? null : _queue;

    /// <summary>The store has been changed by somebody else.</summary>
    public void Doubt() => _doubtful = _doubtedMeanwhile = true;

    /// <summary>
    /// Commits the calls together; their answers are set, not yet given. Returns the ids of other sweeps that have to read again.
    /// </summary>
    /// <exception cref="StoreException">The store can't be reached.</exception>
    /// <exception cref="LedgerRefusedException">The store's rows were others each time: somebody else keeps writing this sweep.</exception>
    public async Task<string[]> CommitAsync(SqlStore store, List<LedgerOperation> operations)
    {
        bool durable = operations.Exists(o => o.Durable);
        for (int refusals = 0; ; refusals++)
        {
            try
            {
                string[] others = await ((PostgresStore)store).WriteAsync(new Exchange(this, operations, durable), CancellationToken.None);
                _doubtful = _doubtedMeanwhile;
                return others;
            }
            catch (LedgerRefusedException) when (refusals < MaxRefusals)
            {
                // Read afresh, and again.
            }
        }
    }

    /// <summary>The way that can do everything: writes, and looks at what it has brought about.</summary>
    private async Task<string[]> WriteAsync(SqlWork work, SweepQueue queue, List<LedgerOperation> operations)
    {
        await SeenAsync(work, operations.OfType<HeartbeatOperation>());
        bool others = await DecideAsync(work, queue, operations.OfType<IStoreOperation>());
        queue.Paused = await LedgerRows.IsPausedAsync(work, queue.Sweep);

        LedgerBatch batch = NewBatch(work, queue);
        List<CompleteOperation> unknown = batch.Add(operations);
        await using (NpgsqlBatch commands = new((NpgsqlConnection)work.Connection))
        {
            batch.AddTo(commands);
            if (commands.BatchCommands.Count > 0)
            {
                await using NpgsqlDataReader reader = await commands.ExecuteReaderAsync(work.CancellationToken);
                await batch.ReadAsync(reader);
            }
        }

        foreach ((long silo, long trial) in batch.Suspicious)
            others |= await QuarantinesAsync(work, () => Quarantine.CompletedAsync(work, silo, trial, options));
        foreach (CompleteOperation operation in unknown)
        {
            StoreOperation<int> inStore = InStore(operation.Report);
            await inStore.DecideAsync(work);
            operation.Answer = inStore.Answer;
            await LedgerRows.ReadAsync(work, queue, operation.Report.TrialId);
        }

        if (!others)
            return [];
        await LedgerRows.FillAsync(work, queue);
        return [.. await LedgerRows.OtherSweepsAsync(work, queue.Sweep)];
    }

    private LedgerBatch NewBatch(SqlWork work, SweepQueue queue) => new(sweepId, queue, work, id => _silos.TryGetValue(id, out long key) ? key : null, options);

    /// <summary>What operators asked for is carried out, and expired attempts end.</summary>
    public StoreOperation<bool> CatchUp() => new(ChangeReach.Sweep, durable: true, async work =>
    {
        if (await LedgerRows.SweepAsync(work, sweepId) is { } sweep)
        {
            await RequestRows.CarryOutAsync(work, sweep, options);
            await TrialRows.ExpireAsync(work, sweep, options);

            // Deleted: one of the same spec that comes later is another.
            if (await LedgerRows.SweepAsync(work, sweepId) is null)
                Doubt();
        }

        return true;
    });

    /// <summary>A report that the store's own code decides on.</summary>
    public StoreOperation<int> InStore(WireReport report)
    {
        Lease lease = ReportedLease.Of(sweepId, report);
        var outcome = (AttemptOutcome)report.Outcome;
        bool durable = outcome is not (AttemptOutcome.Preempted or AttemptOutcome.Cancelled);
        return new StoreOperation<int>(ChangeReach.Trial, durable, async work => (int)(outcome switch
        {
            AttemptOutcome.Completed => await Reports.CompleteAsync(work, lease, report.Result!.ToResult(), options),
            AttemptOutcome.Failed or AttemptOutcome.OutOfMemory or AttemptOutcome.Stalled => await Reports.FailAsync(work, lease, report.ToFailure(), options),
            _ => await Reports.ReleaseAsync(work, lease, outcome),
        }))
        {
            TrialId = report.TrialId,
        };
    }

    /// <summary>Whether a silo was quarantined, which gives trials back whatever their sweep.</summary>
    private static async Task<bool> QuarantinesAsync(SqlWork work, Func<Task> decide)
    {
        int before = await LedgerRows.QuarantinedAsync(work);
        await decide();
        return before != await LedgerRows.QuarantinedAsync(work);
    }

    private static async Task<bool> DecideAsync(SqlWork work, SweepQueue queue, IEnumerable<IStoreOperation> operations)
    {
        bool others = false;
        bool all = false;
        foreach (IStoreOperation operation in operations)
        {
            if (operation.Reach == ChangeReach.Trial)
            {
                others |= await QuarantinesAsync(work, () => operation.DecideAsync(work));
                await LedgerRows.ReadAsync(work, queue, operation.TrialId!);
                continue;
            }

            await operation.DecideAsync(work);
            all |= operation.Reach is ChangeReach.Sweep or ChangeReach.Store;
            others |= operation.Reach == ChangeReach.Store;
        }

        if (all || others)
            await LedgerRows.FillAsync(work, queue);
        return others;
    }

    /// <summary>Writes which silos were seen, and knows the numbers of all of them.</summary>
    private async Task SeenAsync(SqlWork work, IEnumerable<HeartbeatOperation> operations)
    {
        foreach (string id in operations.Select(o => o.Silo).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!_silos.TryGetValue(id, out long silo))
            {
                silo = (await Silos.FindAsync(work, id, 0)).Silo;
                _silos[id] = silo;
            }

            work.Later(
                "UPDATE silos SET last_seen = @Now WHERE silo = @silo AND (last_seen IS NULL OR last_seen <= @stale)",
                new { work.Now, silo, stale = work.Now - FreshMilliseconds });
        }
    }

    private async Task<SweepQueue> ReadyAsync(SqlWork work)
    {
        if (_queue is { } queue && !_doubtful)
            return queue;
        _doubtedMeanwhile = false;
        if (await LedgerRows.SweepAsync(work, sweepId) is not { } sweep)
        {
            // No lease of it stands, and operations say themselves that it isn't there. It may come yet.
            _queue = null;
            return new SweepQueue(-1, options);
        }

        if (!_placesRead)
            _places = await LedgerRows.FitsAsync(work, sweep) is { } fits ? new FitPlaces(fits) : null;
        _placesRead = true;
        if (host is not null)
            work.Later("UPDATE sweeps SET host = @host WHERE sweep = @sweep AND host IS DISTINCT FROM @host", new { host, sweep });
        queue = new SweepQueue(sweep, options, _places);
        await LedgerRows.FillAsync(work, queue);
        return _queue = queue;
    }

    /// <summary>
    /// One try. What is usual goes in two round trips: the first asks for the <see cref="Outlook"/>, the second writes. Everything else goes
    /// <see cref="WriteAsync"/>.
    /// </summary>
    private sealed class Exchange(SweepTransaction transaction, List<LedgerOperation> operations, bool durable) : PostgresExchange<string[]>
    {
        private readonly CompleteOperation[] _completes = [.. operations.OfType<CompleteOperation>()];
        private readonly NextOperation[] _nexts = [.. operations.OfType<NextOperation>()];
        private LedgerBatch? _batch;
        private bool _asked;
        private bool _askedWhetherPaused;
        private string[] _others = [];

        public override bool Durable => durable;

        public override void Ask(NpgsqlBatch batch)
        {
            (_batch, _others) = (null, []);
            SweepQueue? known = transaction._doubtful ? null : transaction._queue;
            List<SweepTrial> completed = known is null ? [] : [.. _completes.Select(c => Held(known, c.Report)).OfType<SweepTrial>()];
            _asked = _completes.Length > 0 && completed.Count == _completes.Length && !operations.Exists(o => o is IStoreOperation);
            _askedWhetherPaused = !_asked && known is not null && operations.Exists(o => o is TakeOperation);
            if (_asked)
                transaction._outlook.Ask(batch, known!.Sweep, completed, _nexts);
            else if (_askedWhetherPaused)
                batch.Add("SELECT paused FROM sweeps WHERE sweep = $1", Value(known!.Sweep));
        }

        public override async Task DecideAsync(SqlWork work, NpgsqlDataReader answers, NpgsqlBatch batch)
        {
            Outlook? outlook = _asked ? await transaction._outlook.ReadAsync(answers, work.Now, work.CancellationToken) : null;
            bool? paused = outlook?.Paused ?? (_askedWhetherPaused && await answers.ReadAsync(work.CancellationToken) ? answers.GetBoolean(0) : null);
            await answers.DisposeAsync();

            // The store begins again after a collision: then the queue has changes that nobody committed.
            SweepQueue queue = await transaction.ReadyAsync(work);
            queue.Paused = paused ?? queue.Paused;
            transaction._doubtful = true;
            foreach (NextOperation operation in _nexts)
                operation.Answer = [];
            if (operations.Exists(o => o is IStoreOperation) || !AllStand(queue) || (_completes.Length > 0 && outlook is not { HasFailures: false }))
            {
                _others = await transaction.WriteAsync(work, queue, operations);
                return;
            }

            await transaction.SeenAsync(work, operations.OfType<HeartbeatOperation>());
            LedgerBatch decided = transaction.NewBatch(work, queue);
            decided.Add(operations);
            if (outlook is { MayLease: true })
                decided.Add(_nexts, outlook);
            decided.AddTo(batch);
            _batch = decided;
        }

        public override async Task<string[]> ReadAsync(NpgsqlDataReader answers, CancellationToken cancellationToken)
        {
            if (_batch is not null)
                await _batch.ReadAsync(answers);
            return _others;
        }

        /// <summary>Each result of another trial, whose lease stands.</summary>
        private bool AllStand(SweepQueue queue) =>
            Array.TrueForAll(_completes, c => Held(queue, c.Report) is not null) && _completes.DistinctBy(c => c.Report.TrialId).Count() == _completes.Length;

        private static SweepTrial? Held(SweepQueue queue, WireReport report) => queue.Held(report.TrialId, report.Holder, report.FencingToken);

        public override Exception? Meaning(PostgresException e) => e.SqlState == PostgresErrorCodes.DivisionByZero ? new LedgerRefusedException() : null;
    }
}
