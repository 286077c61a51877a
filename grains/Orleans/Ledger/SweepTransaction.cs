using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// Takes a list of calls through one transaction and keeps the ledger in step. After a transaction that was not committed, the next one
/// reads the ledger afresh.
/// </summary>
internal sealed class SweepTransaction(string sweepId, CoordinatorOptions options)
{
    /// <summary>A silo heard of this recently isn't written again, as in the other engines.</summary>
    private const long FreshMilliseconds = 500;

    /// <summary>How often calls are tried on a ledger read afresh before they fail.</summary>
    private const int MostRefusals = 5;

    private readonly Dictionary<string, long> _silos = new(StringComparer.Ordinal);
    private SweepLedger? _ledger;
    private FitPlaces? _places;
    private bool _placesRead;
    private bool _doubtful;
    private bool _doubtedMeanwhile;

    /// <summary>As of the latest transaction, or of the one under way; null when it has to be read first.</summary>
    public SweepLedger? Ledger => _doubtful && _doubtedMeanwhile ? null : _ledger;

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
                string[] others = await store.WriteAsync(durable, work => WriteAsync(work, operations), CancellationToken.None);
                _doubtful = _doubtedMeanwhile;
                return others;
            }
            catch (LedgerRefusedException) when (refusals < MostRefusals)
            {
                // Read afresh, and again.
            }
        }
    }

    private async Task<string[]> WriteAsync(SqlWork work, List<LedgerOperation> operations)
    {
        // The store begins again after a collision: then the ledger has changes that nobody committed.
        SweepLedger ledger = await ReadyAsync(work);
        _doubtful = true;
        await SeenAsync(work, operations.OfType<HeartbeatOperation>());
        bool others = await DecideAsync(work, ledger, operations.OfType<IStoreOperation>());

        LedgerBatch batch = new(ledger, work, id => _silos.TryGetValue(id, out long key) ? key : null, options);
        foreach (HeartbeatOperation operation in operations.OfType<HeartbeatOperation>())
            batch.Add(operation);
        List<CompleteOperation> unknown = [.. operations.OfType<CompleteOperation>().Where(operation => !batch.TryAdd(operation))];
        foreach (TakeOperation operation in operations.OfType<TakeOperation>())
            batch.Add(operation);
        await batch.WriteAsync(sweepId);

        foreach ((long silo, long trial) in batch.Suspicious)
            others |= await QuarantinesAsync(work, () => Quarantine.CompletedAsync(work, silo, trial, options));
        foreach (CompleteOperation operation in unknown)
        {
            StoreOperation<int> inStore = InStore(operation.Report);
            await inStore.DecideAsync(work);
            operation.Answer = inStore.Answer;
            ledger.Set(await LedgerRows.SomeAsync(work, ledger.Sweep, [operation.Report.TrialId]));
        }

        if (!others)
            return [];
        ledger.Fill(await LedgerRows.UnfinishedAsync(work, ledger.Sweep));
        return [.. await LedgerRows.OtherSweepsAsync(work, ledger.Sweep)];
    }

    /// <summary>A report that the store's own code decides on.</summary>
    public StoreOperation<int> InStore(WireReport report)
    {
        Lease lease = ReportedLease.Of(sweepId, report);
        var outcome = (AttemptOutcome)report.Outcome;
        return new StoreOperation<int>(ChangeReach.Trial, durable: outcome is not (AttemptOutcome.Preempted or AttemptOutcome.Cancelled), async work => (int)(outcome switch
        {
            AttemptOutcome.Completed => await Reports.CompleteAsync(work, lease, report.Result!.ToResult(), options),
            AttemptOutcome.Failed or AttemptOutcome.OutOfMemory => await Reports.FailAsync(work, lease, outcome, report.Message ?? "", options),
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

    private static async Task<bool> DecideAsync(SqlWork work, SweepLedger ledger, IEnumerable<IStoreOperation> operations)
    {
        bool others = false;
        bool all = false;
        foreach (IStoreOperation operation in operations)
        {
            if (operation.Reach == ChangeReach.Trial)
            {
                others |= await QuarantinesAsync(work, () => operation.DecideAsync(work));
                ledger.Set(await LedgerRows.SomeAsync(work, ledger.Sweep, [operation.TrialId!]));
                continue;
            }

            await operation.DecideAsync(work);
            all |= operation.Reach is ChangeReach.Sweep or ChangeReach.Store;
            others |= operation.Reach == ChangeReach.Store;
        }

        if (all || others)
            ledger.Fill(await LedgerRows.UnfinishedAsync(work, ledger.Sweep));
        return others;
    }

    /// <summary>Writes who was heard of, and knows the numbers of all of them.</summary>
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

    private async Task<SweepLedger> ReadyAsync(SqlWork work)
    {
        if (_ledger is { } ledger && !_doubtful)
            return ledger;
        _doubtedMeanwhile = false;
        if (await LedgerRows.SweepAsync(work, sweepId) is not { } sweep)
        {
            // No lease of it stands, and operations say themselves that it isn't there. It may come yet.
            _ledger = null;
            return new SweepLedger(-1, options);
        }

        if (!_placesRead)
            _places = await LedgerRows.FitsAsync(work, sweep) is { } fits ? new FitPlaces(fits) : null;
        _placesRead = true;
        ledger = new SweepLedger(sweep, options, _places);
        ledger.Fill(await LedgerRows.UnfinishedAsync(work, sweep));
        return _ledger = ledger;
    }
}
