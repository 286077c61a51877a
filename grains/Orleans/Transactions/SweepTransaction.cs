using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// Takes a list of calls through one transaction and keeps the sweep's queue in step. After a transaction that was not committed, the next one
/// fills the queue afresh.
/// </summary>
/// <param name="host">The silo that the sweep's grain is on; null says nothing.</param>
internal sealed class SweepTransaction(string sweepId, CoordinatorOptions options, string? host = null)
{
    /// <summary>How often calls are tried on a queue filled afresh before they fail.</summary>
    private const int MaxRefusals = 5;

    /// <summary>How long expirations aren't looked for again.</summary>
    private const long CheckedForMilliseconds = 250;

    private readonly Dictionary<string, long> _silos = new(StringComparer.Ordinal);
    private readonly UnwrittenLeases _unwritten = new();
    private long _noneExpiresBefore;
    private SweepQueue? _queue;
    private FitPlaces? _places;
    private bool _placesRead;
    private bool _doubtful;
    private bool _doubtedMeanwhile;

    /// <summary>As of the latest transaction, or of the one under way; null when it has to be read first.</summary>
    public SweepQueue? Queue => _doubtful && _doubtedMeanwhile ? null : _queue;

    /// <summary>Whether some lease stands in no row.</summary>
    public bool HasUnwritten => _unwritten.Count > 0;

    /// <summary>The store has been changed by somebody else.</summary>
    public void Doubt() => _doubtful = _doubtedMeanwhile = true;

    /// <summary>
    /// Commits the calls together; their answers are set, not yet given. Returns the ids of other sweeps that have to read again.
    /// </summary>
    /// <exception cref="StoreException">The store can't be reached.</exception>
    /// <exception cref="RowsChangedException">The store's rows were others each time: somebody else keeps writing this sweep.</exception>
    public async Task<string[]> CommitAsync(SqlStore store, List<SweepOperation> operations)
    {
        bool durable = operations.Exists(o => o.Durable);
        for (int refusals = 0; ; refusals++)
        {
            try
            {
                Exchange exchange = new(this, operations, durable);
                string[] others = await store.ExchangeAsync(exchange, CancellationToken.None);
                exchange.Committed();
                _doubtful = _doubtedMeanwhile;
                return others;
            }
            catch (RowsChangedException) when (refusals < MaxRefusals)
            {
                // Read afresh, and again.
            }
        }
    }

    /// <summary>The way that can do everything: writes, and looks at what it has brought about.</summary>
    private async Task<string[]> WriteAsync(SqlWork work, SweepQueue queue, List<SweepOperation> operations)
    {
        // What is decided on rows has to find them.
        if (HasUnwritten)
        {
            SweepBatch all = NewBatch(work, queue, _unwritten);
            all.AddDue(evenNew: true);
            await work.Store.WriteAsync(work, all.Writes());
        }

        await SeenAsync(work, operations.OfType<HeartbeatOperation>());
        bool others = await DecideAsync(work, queue, operations.OfType<IStoreOperation>());
        queue.Terms = await TermsAsync(work, queue.Sweep);

        // A lease that the queue doesn't know may stand all the same.
        foreach (CompleteOperation operation in operations.OfType<CompleteOperation>().Where(o => Held(queue, o.Report) is null))
            await QueueRows.ReadAsync(work, queue, operation.Report.TrialId);
        SweepBatch batch = NewBatch(work, queue, new UnwrittenLeases());
        List<CompleteOperation> again = batch.Add(operations);
        batch.Read(await work.Store.WriteAsync(work, batch.Writes()));
        foreach ((long silo, long trial) in batch.Suspicious)
            others |= await QuarantinesAsync(work, () => Quarantine.CompletedAsync(work, silo, trial, options));
        foreach (CompleteOperation operation in again)
            operation.Answer = (int)await Reports.AgainAsync(work, ReportedLease.Of(sweepId, operation.Report), AttemptOutcome.Completed);
        if (queue is { Queued: 0, Running: 0, Terms.Look: > 0 } && await LookStep.TakeAsync(work, queue.Sweep))
            await QueueRows.FillAsync(work, queue);
        if (!others)
            return [];
        await QueueRows.FillAsync(work, queue);
        return [.. await QueueRows.OtherSweepsAsync(work, queue.Sweep)];
    }

    /// <summary>A sweep's terms, after it was paused where too many of its trials have failed.</summary>
    private static async Task<SweepTerms> TermsAsync(SqlWork work, long sweep)
    {
        SweepTerms terms = await QueueRows.TermsAsync(work, sweep);
        if (terms.Failed is null || work.Moved(sweep, TrialStatus.Failed) <= 0 || terms.Stop(await Operations.FailedAsync(work, sweep)) is not { } why)
            return terms;
        await Operations.StopAsync(work, sweep, why);
        return terms with { Paused = true };
    }

    private SweepBatch NewBatch(SqlWork work, SweepQueue queue, UnwrittenLeases unwritten) =>
        new(sweepId, queue, work, id => _silos.TryGetValue(id, out long key) ? key : null, options, unwritten, host);

    /// <summary>What operators asked for is carried out, and expired attempts end.</summary>
    public StoreOperation<bool> CatchUp() => new(ChangeReach.Sweep, durable: true, async work =>
    {
        if (await QueueRows.SweepAsync(work, sweepId) is { } sweep)
        {
            await RequestRows.CarryOutAsync(work, sweep, options);
            await TrialRows.ExpireAsync(work, sweep, options);

            // Deleted: one of the same spec that comes later is another.
            if (await QueueRows.SweepAsync(work, sweepId) is null)
                Doubt();
        }

        return true;
    });

    private static SweepTrial? Held(SweepQueue queue, WireReport report) => queue.Held(report.TrialId, report.Holder, report.FencingToken);

    /// <summary>A report of an attempt that did not complete, which the store's own code decides on.</summary>
    public StoreOperation<int> InStore(WireReport report)
    {
        Lease lease = ReportedLease.Of(sweepId, report);
        var outcome = (AttemptOutcome)report.Outcome;
        bool durable = outcome is not (AttemptOutcome.Preempted or AttemptOutcome.Cancelled);
        return new StoreOperation<int>(ChangeReach.Trial, durable, async work => (int)(outcome switch
        {
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
        int before = await QueueRows.QuarantinedAsync(work);
        await decide();
        return before != await QueueRows.QuarantinedAsync(work);
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
                await QueueRows.ReadAsync(work, queue, operation.TrialId!);
                continue;
            }

            await operation.DecideAsync(work);
            all |= operation.Reach is ChangeReach.Sweep or ChangeReach.Store;
            others |= operation.Reach == ChangeReach.Store;
        }

        if (all || others)
            await QueueRows.FillAsync(work, queue);
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

            Silos.Seen(work, silo);
        }
    }

    private async Task<SweepQueue> ReadyAsync(SqlWork work)
    {
        if (_queue is { } queue && !_doubtful)
            return queue;
        _doubtedMeanwhile = false;
        if (await QueueRows.SweepAsync(work, sweepId) is not { } sweep)
        {
            // No lease of it stands, and operations say themselves that it isn't there. It may come yet.
            _queue = null;
            _unwritten.Clear();
            return new SweepQueue(-1, options);
        }

        if (!_placesRead)
            _places = await QueueRows.FitsAsync(work, sweep) is { } fits ? new FitPlaces(fits) : null;
        _placesRead = true;
        if (host is not null)
            work.Later("UPDATE sweeps SET host = @host WHERE sweep = @sweep AND host IS DISTINCT FROM @host", new { host, sweep });
        queue = new SweepQueue(sweep, options, _places);
        await QueueRows.FillAsync(work, queue);
        _unwritten.Restore(queue, work.Now);
        return _queue = queue;
    }

    /// <summary>Whether some lease has expired, which is the dispatcher's to see to.</summary>
    private bool HasExpired(long now, long? first)
    {
        if (!Expiry.IsDue(now))
            return false;

        // A lease that is given from now on stands for longer than that.
        _noneExpiresBefore = Math.Min(first ?? long.MaxValue, now + Math.Min(CheckedForMilliseconds, (long)options.LeaseDuration.TotalMilliseconds));
        return first <= now;
    }

    private ExpiryCheck Expiry => new(_noneExpiresBefore, CheckedForMilliseconds);

    /// <summary>
    /// One try. What is usual is asked first (<see cref="Outlook"/>), and then decided in memory and written. Everything else goes <see cref="WriteAsync"/>.
    /// </summary>
    private sealed class Exchange(SweepTransaction transaction, List<SweepOperation> operations, bool durable) : SweepExchange<string[]>
    {
        private readonly CompleteOperation[] _completes = [.. operations.OfType<CompleteOperation>()];
        private readonly NextOperation[] _nexts = [.. operations.OfType<NextOperation>()];
        private SweepBatch? _batch;
        private bool _wroteAll;
        private string[] _others = [];

        public override bool Durable => durable;

        public override SweepQuestion? Ask()
        {
            (_batch, _wroteAll, _others) = (null, false, []);
            if (transaction._doubtful || transaction._queue is not { } known)
                return null;
            List<SweepTrial> completed = [.. _completes.Select(c => Held(known, c.Report)).OfType<SweepTrial>()];
            if (_completes.Length > 0 && completed.Count == _completes.Length && !operations.Exists(o => o is IStoreOperation))
            {
                return new SweepQuestion(known.Sweep, new OutlookQuestion(
                    [.. completed.Select(t => t.Key)],
                    [.. completed.Select(t => t.State.Silo!.Value).Distinct()],
                    [.. _nexts.Select(n => n.Wanted.Silo).Distinct(StringComparer.Ordinal)],
                    _nexts.Aggregate(0, (offers, n) => offers | n.Wanted.Offers),
                    transaction.Expiry));
            }

            return operations.Exists(o => o is TakeOperation) ? new SweepQuestion(known.Sweep) : null;
        }

        public override async Task<GuardedWrites?> DecideAsync(SqlWork work, SweepAnswers? answers)
        {
            // The store begins again after a collision: then the queue has changes that nobody committed.
            SweepQueue queue = await transaction.ReadyAsync(work);
            queue.Terms = answers?.Terms ?? queue.Terms;
            transaction._doubtful = true;
            foreach (NextOperation operation in _nexts)
                operation.Answer = [];
            if (operations.Exists(o => o is IStoreOperation) || !AllStand(queue) || MayEndALook(queue)
                || (_completes.Length > 0 && answers?.Outlook is not { HasFailures: false }))
            {
                _others = await transaction.WriteAsync(work, queue, operations);
                _wroteAll = true;
                return null;
            }

            await transaction.SeenAsync(work, operations.OfType<HeartbeatOperation>());
            _batch = transaction.NewBatch(work, queue, transaction._unwritten);
            _batch.Add(operations);
            _batch.AddDue();
            if (answers?.Outlook is { } outlook && !transaction.HasExpired(work.Now, outlook.FirstExpiry) && !outlook.Asked)
                _batch.Add(_nexts, outlook);
            return _batch.Writes();
        }

        public override string[] Read(GuardedAnswers answers)
        {
            _batch?.Read(answers);
            return _others;
        }

        /// <summary>The transaction is.</summary>
        public void Committed()
        {
            if (_wroteAll)
                transaction._unwritten.Clear();
            _batch?.Committed();
        }

        /// <summary>Whether nothing of what a race's look asked for is left after this: it is judged in the same transaction.</summary>
        private bool MayEndALook(SweepQueue queue) => queue is { Queued: 0, Terms.Look: > 0 } && queue.Running <= _completes.Length;

        /// <summary>Each result of another trial, whose lease stands.</summary>
        private bool AllStand(SweepQueue queue) =>
            Array.TrueForAll(_completes, c => Held(queue, c.Report) is not null) && _completes.DistinctBy(c => c.Report.TrialId).Count() == _completes.Length;
    }
}
