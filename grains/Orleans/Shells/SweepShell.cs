using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>
/// What a sweep's grain does: calls join the list of those that wait, and one pump at a time takes the list through a transaction. Knows no grains but those
/// that it is given. Not thread-safe: whoever hosts it runs it one piece at a time, its continuations too.
/// </summary>
/// <param name="host">The name of the silo that it is on; null says nothing.</param>
/// <param name="sweeps">The others, by id.</param>
/// <param name="news">Told of what completes, while the aggregator asks for it.</param>
internal sealed class SweepShell(
    string sweepId, SqlStore store, CoordinatorOptions options, string? host, Func<string, ISweepGrain> sweeps, Action<WireFinished[]> news, TimeProvider time)
{
    /// <summary>How often a queue is read that is in doubt again when it has been read.</summary>
    private const int MaxReads = 5;

    /// <summary>How long the aggregator is told of results after it asked.</summary>
    internal static readonly TimeSpan NewsFor = TimeSpan.FromMinutes(1);

    private readonly SweepTransaction _transaction = new(sweepId, options, host);
    private readonly SweepCalls _others = new(sweeps, time);
    private List<SweepOperation> _waiting = [];
    private bool _pumping;
    private bool _flushing;
    private long? _newsAskedFor;

    public async Task<WireHead> HeadAsync(WireTake wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        SweepQueue queue = await ReadyAsync();
        SiloRequest request = wanted.ToRequest();
        return new WireHead
        {
            // One more than wanted: one of them may be a suspect that the silo doesn't get.
            Candidates = [.. queue.Best(request with { MaxTrials = request.MaxTrials + 1 }).Select(t => new WireCandidate
            {
                TrialId = t.Id, Cost = t.Cost, Sweep = queue.Sweep, Ordinal = t.Ordinal, Suspect = t.State.IsSuspect(options),
            })],
            HoldsSuspect = queue.HoldsSuspect(wanted.Silo),
            Running = queue.Running,
            Priority = queue.Terms.Priority,
        };
    }

    public async Task<WireLease[]> TakeAsync(WireTake wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await ReadyAsync();
        return await DoAsync(new TakeOperation(wanted));
    }

    public Task CatchUpAsync() => DoAsync(_transaction.CatchUp());

    public Task RevokeAsync(long[] silos) => DoAsync(new StoreOperation<bool>(ChangeReach.Sweep, durable: false, async work =>
    {
        TrialRows.Revoke(work, await QueueRows.HeldByAsync(work, sweepId, silos));
        return true;
    }));

    public Task<int[]> HeartbeatAsync(string silo, WireProgress[] progress) => DoAsync(new HeartbeatOperation(silo, progress));

    public Task<int> ReportAsync(WireReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return (AttemptOutcome)report.Outcome == AttemptOutcome.Completed ? DoAsync(new CompleteOperation(report)) : DoAsync(_transaction.InStore(report));
    }

    public async Task<WireReported> ReportAndTakeAsync(WireReport[] reports, WireLeaseRequest next)
    {
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentNullException.ThrowIfNull(next);
        if (Array.Find(reports, r => (AttemptOutcome)r.Outcome != AttemptOutcome.Completed) is { } other)
            throw new EngineException(EngineFault.Argument, $"outcome: {other.Outcome}; allowed: {(int)AttemptOutcome.Completed}");

        // Added in one go, so in one transaction.
        Task<int>[] answers = [.. reports.Select(r => DoAsync(new CompleteOperation(r)))];
        Task<WireLease[]> leases = DoAsync(new NextOperation(next));
        return new WireReported { Answers = await Task.WhenAll(answers), Leases = await leases };
    }

    /// <summary>The grain goes: what leases stand in no row are written.</summary>
    public Task LeaveAsync() => _transaction.HasUnwritten
        ? DoAsync(new StoreOperation<bool>(ChangeReach.None, durable: false, _ => Task.FromResult(true)))
        : Task.CompletedTask;

    /// <summary>Waits for nothing.</summary>
    public void Changed() => _transaction.Doubt();

    public void TellAggregator() => _newsAskedFor = time.GetTimestamp();

    /// <summary>A queue to look at. The caller has seen queued trials in the store: if there are none here, another process has queued them.</summary>
    private async Task<SweepQueue> ReadyAsync()
    {
        for (int reads = 0; _transaction.Queue is not { Queued: > 0 } && reads < MaxReads; reads++)
        {
            await DoAsync(new StoreOperation<bool>(ChangeReach.Sweep, durable: false, _ => Task.FromResult(true)));
            if (_transaction.Queue is { } queue)
                return queue;
        }

        return _transaction.Queue ?? throw new EngineException(EngineFault.Store, $"sweep {sweepId} is being read again");
    }

    private async Task<T> DoAsync<T>(SweepOperation<T> operation)
    {
        _waiting.Add(operation);
        if (!_pumping)
        {
            _pumping = true;
            _ = PumpAsync();
        }

        // Its own task goes on anywhere where several are waited for at once.
        return await operation.Task;
    }

    private async Task PumpAsync()
    {
        // What arrives in this turn goes along.
        await Task.Yield();
        while (_waiting.Count > 0)
        {
            List<SweepOperation> batch = _waiting;
            _waiting = [];
            await RunAsync(batch);
        }

        _pumping = false;
    }

    /// <summary>Writes what leases stand in no row, and goes on while there are any. Where the store can't be reached, the next call begins it again.</summary>
    private async Task FlushLaterAsync()
    {
        _flushing = true;
        try
        {
            while (_transaction.HasUnwritten)
            {
                await Task.Delay(options.UnwrittenFor, time);
                await DoAsync(new FlushOperation());
            }
        }
        catch (EngineException)
        {
            // As above.
        }
        finally
        {
            _flushing = false;
        }
    }

    private void Tell(List<SweepOperation> committed)
    {
        if (_newsAskedFor is not { } at || time.GetElapsedTime(at) > NewsFor)
            return;
        WireFinished[] finished =
        [
            .. committed.OfType<CompleteOperation>()
                .Where(o => o.Ordinal is not null)
                .Select(o => new WireFinished { Ordinal = (int)o.Ordinal!, Result = o.Report.Result! }),
        ];
        if (finished.Length > 0)
            news(finished);
    }

    private async Task RunAsync(List<SweepOperation> batch)
    {
        try
        {
            string[] others = await _transaction.CommitAsync(store, batch);

            // Before the callers are answered: the next request for work must find it. It is committed whether or not the others can be told.
            await _others.TellChangedAsync(others);
            batch.ForEach(o => o.Committed());
            Tell(batch);
            if (_transaction.HasUnwritten && !_flushing)
                _ = FlushLaterAsync();
        }
        catch (Exception e) when (batch.Count > 1 && e is ArgumentException)
        {
            // One of them asked for something that doesn't exist; the others must not fail with it.
            foreach (SweepOperation operation in batch)
                await RunAsync([operation]);
        }
        catch (Exception e)
        {
            // A result that can't be stored must not be tried for ever; nothing else that is asked can be at fault.
            batch.ForEach(o => o.Fail(o is CompleteOperation ? EngineException.Of(e) : EngineException.OfStore(e)));
        }
    }
}
