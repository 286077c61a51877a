using System.Text.Json;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.News;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>What a worker asks of a cluster: leases and reports, by way of the grains alone.</summary>
public class ClusterLeases : IWorkSource, IAsyncDisposable
{
    private const int MaxTries = 20;

    /// <summary>How long a trial's grain is given to leave before it is called again.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromMilliseconds(10);

    private readonly Func<IGrainFactory> _grains;
    private readonly IWorkerStore _store;
    private readonly TimeProvider _time;
    private readonly WorkSignal _work = new();
    private readonly NewsFollower _follower;
    private readonly Lock _lock = new();
    private bool _following;
    private long _signalsBeforeEmpty;

    /// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
    /// <param name="key">The store's key in every silo's <see cref="StoreHub"/>.</param>
    /// <param name="store">What decides nothing.</param>
    public ClusterLeases(Func<IGrainFactory> grains, string key, IWorkerStore store, TimeProvider time)
    {
        (_grains, Key, _store, _time) = (grains, key, store, time);
        _follower = new NewsFollower(() => Grains().GetGrain<INewsGrain>(key), _work.Raise, () => WhenKeysChange?.Invoke(), time);
    }

    /// <summary>Called when the cluster's keys may have been changed.</summary>
    public Action? WhenKeysChange { private get; set; }

    private protected string Key { get; }

    public async Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        while (true)
        {
            (int given, Lease[] leases) = await LeaseOnceAsync(request, cancellationToken);

            // Trials whose specs can't be read are no answer: the next ones are.
            if (leases.Length > 0 || given == 0)
                return leases;
        }
    }

    private async Task<(int Given, Lease[] Leases)> LeaseOnceAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        long signals = _work.Count;
        Task<WireLease[]> asked = Dispatch.LeaseAsync(WireLeaseRequest.Of(request));
        WireLease[] given;
        try
        {
            given = await AskAsync(() => asked, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody will run what comes now.
            _ = ReleaseUnusedAsync(asked);
            throw;
        }

        if (given.Length == 0)
            Interlocked.Exchange(ref _signalsBeforeEmpty, signals);

        return (given.Length, await BegunAsync(given, request.Silo));
    }

    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) => _store.MayComeAsync(request, cancellationToken);

    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Follow();
        return _work.WaitAsync(Interlocked.Read(ref _signalsBeforeEmpty), atMost, _time, cancellationToken);
    }

    /// <summary>From now on this is told of what is announced in the store, and so are the grains: sweeps that were extended beside them, and what operators
    /// ask for. Does nothing the second time.</summary>
    public void Follow()
    {
        lock (_lock)
        {
            if (!_following)
                _follower.Start();
            _following = true;
        }
    }

    /// <summary>Ends what <see cref="Follow"/> began.</summary>
    public ValueTask UnfollowAsync() => _follower.DisposeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return UnfollowAsync();
    }

    public async Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(string silo, IReadOnlyList<LeaseProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        HeartbeatAnswer[] answers = new HeartbeatAnswer[progress.Count];
        if (progress.Count == 0)
        {
            await AskAsync(() => Dispatch.SeenAsync(silo), cancellationToken);
            return answers;
        }

        await Task.WhenAll(Enumerable.Range(0, progress.Count).GroupBy(i => progress[i].SweepId, StringComparer.Ordinal).Select(async sweep =>
        {
            int[] entries = [.. sweep];
            int[] answered = await AskAsync(
                () => Sweep(sweep.Key).HeartbeatAsync(silo, [.. entries.Select(i => WireProgress.Of(progress[i]))]), cancellationToken);
            for (int i = 0; i < entries.Length; i++)
            {
                LeaseProgress entry = progress[entries[i]];
                answers[entries[i]] = (HeartbeatAnswer)answered[i];
                WireLive live = new()
                {
                    FencingToken = entry.FencingToken, Silo = silo, Phase = entry.Phase, Fraction = entry.Fraction, Loss = entry.Loss, Answer = answered[i],
                };
                Tell(entry.SweepId, entry.TrialId, trial => trial.ProgressAsync(live));
            }
        }));
        return answers;
    }

    public Task<ReportAnswer> CompleteAsync(Lease lease, TrialResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(result);
        Reports.Check(result);
        return ReportAsync(lease, WireReport.Of(lease, AttemptOutcome.Completed, result: result), cancellationToken);
    }

    /// <summary>
    /// Each result by its trial's grain, which puts those of one silo together: one transaction, with the next leases, as long as nothing is unusual. The
    /// last of them asks for more,
    /// so that what it gets is decided when all of them are in.
    /// </summary>
    public async Task<CompletedAndLeased> CompleteAndLeaseAsync(IReadOnlyList<FinishedTrial> finished, LeaseRequest next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(finished);
        ArgumentNullException.ThrowIfNull(next);
        foreach (FinishedTrial trial in finished)
            Reports.Check(trial.Result);
        if (finished.Count == 0)
            return new CompletedAndLeased([], await LeaseAsync(next, cancellationToken));
        ReportAnswer[] before = await Task.WhenAll(finished.SkipLast(1).Select(f => CompleteAsync(f.Lease, f.Result, cancellationToken)));
        Lease last = finished[^1].Lease;
        var report = WireReport.Of(last, AttemptOutcome.Completed, result: finished[^1].Result);
        Task<WireReported> asked = AskAsync(
            () => OfTrialAsync(last.SweepId, last.Trial.Id, trial => trial.CompleteAsync(report, WireLeaseRequest.Of(next))), CancellationToken.None);
        WireReported reported;
        try
        {
            reported = await asked.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody will run what comes now.
            _ = ReleaseUnusedAsync(LeasesAsync(asked));
            throw;
        }

        Lease[] leases = await BegunAsync(reported.Leases, next.Silo);
        return new CompletedAndLeased([.. before, (ReportAnswer)reported.Answers[0]], leases.Length > 0 ? leases : await LeaseAsync(next, cancellationToken));
    }

    public Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken)
    {
        Reports.Check(failure);
        return ReportAsync(lease, WireReport.Of(lease, failure), cancellationToken);
    }

    public Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken)
    {
        if (cause is not (AttemptOutcome.Preempted or AttemptOutcome.Cancelled))
            throw new ArgumentException($"cause: {cause}; allowed: {AttemptOutcome.Preempted}, {AttemptOutcome.Cancelled}", nameof(cause));
        return ReportAsync(lease, WireReport.Of(lease, cause), cancellationToken);
    }

    private async Task<ReportAnswer> ReportAsync(Lease lease, WireReport report, CancellationToken cancellationToken) =>
        (ReportAnswer)await AskAsync(() => OfTrialAsync(lease.SweepId, lease.Trial.Id, trial => trial.ReportAsync(report)), cancellationToken);

    /// <summary>Leases that this silo has got: their trials' grains come to be here.</summary>
    private async Task<Lease[]> BegunAsync(WireLease[] leases, string silo)
    {
        long duration = (long)_store.LeaseDuration.TotalMilliseconds;
        List<Lease> given = [];
        foreach (WireLease lease in leases)
        {
            var attempt = new WireAttempt { Attempt = lease.Attempt, Silo = silo, Started = lease.Expires - duration };
            Tell(lease.SweepId, lease.TrialId, trial => trial.BeginAsync(attempt));
            if (await ReadAsync(lease) is { } read)
                given.Add(read);
        }

        return [.. given];
    }

    /// <summary>The lease; null where the trial's spec can't be read nor made again from the sweep's, which fails it for good.</summary>
    private async Task<Lease?> ReadAsync(WireLease lease)
    {
        if (lease.Spec != WireLease.Damaged)
        {
            try
            {
                return lease.ToLease();
            }
            catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException)
            {
                // Of another version, whatever its digest says.
            }
        }

        string problem;
        try
        {
            return lease.ToLease(await _store.TrialAsync(lease.SweepId, lease.TrialId, CancellationToken.None));
        }
        catch (Exception e) when (e is not StoreException { IsLasting: false })
        {
            problem = StoredTrials.Unreadable(e.Message);
        }

        var report = new WireReport
        {
            TrialId = lease.TrialId, FencingToken = lease.FencingToken, Holder = lease.Holder,
            Outcome = (int)AttemptOutcome.Failed, Message = problem, MustRepeat = true,
        };
        await AskAsync(() => OfTrialAsync(lease.SweepId, lease.TrialId, trial => trial.ReportAsync(report)), CancellationToken.None);
        return null;
    }

    private static async Task<WireLease[]> LeasesAsync(Task<WireReported> asked) => (await asked).Leases;

    private async Task ReleaseUnusedAsync(Task<WireLease[]> asked)
    {
        try
        {
            foreach (WireLease lease in await asked)
            {
                var back = new WireReport
                {
                    TrialId = lease.TrialId, FencingToken = lease.FencingToken, Holder = lease.Holder, Outcome = (int)AttemptOutcome.Preempted,
                };
                await AskAsync(() => OfTrialAsync(lease.SweepId, lease.TrialId, trial => trial.ReportAsync(back)), CancellationToken.None);
            }
        }
        catch (Exception e) when (e is EngineException or StoreException || ClusterFault.Is(e))
        {
            // They expire.
        }
    }

    private protected IGrainFactory Grains() => _grains();

    private protected IDispatchGrain Dispatch => _grains().GetGrain<IDispatchGrain>(Key);

    private protected ISweepGrain Sweep(string sweepId) => _grains().GetGrain<ISweepGrain>(GrainKeys.Sweep(Key, sweepId));

    private protected ITrialGrain Trial(string sweepId, string trialId) => _grains().GetGrain<ITrialGrain>(GrainKeys.Trial(Key, sweepId, trialId));

    /// <summary>A trial's grain leaves with a report, and what comes for it meanwhile may be refused: the next one is up in a moment.</summary>
    private async Task<T> OfTrialAsync<T>(string sweepId, string trialId, Func<ITrialGrain, Task<T>> call)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await call(Trial(sweepId, trialId));
            }
            catch (OrleansMessageRejectionException e) when (e is not SiloUnavailableException && tries < MaxTries)
            {
                await Task.Delay(LeavesWithin, _time);
            }
        }
    }

    /// <summary>One-way: what gets lost is only for show.</summary>
    private void Tell(string sweepId, string trialId, Func<ITrialGrain, Task> what)
    {
        try
        {
            what(Trial(sweepId, trialId)).Ignore();
        }
        catch (Exception e) when (e is StoreException or OrleansException)
        {
            // This silo has just left the cluster.
        }
    }

    private protected static Task<bool> AskAsync(Func<Task> call, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellationToken);

    /// <summary>A cluster that can't answer is to a caller what a store is that can't be reached: the call may be repeated.</summary>
    /// <exception cref="StoreException">It can't answer.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            return await call().WaitAsync(cancellationToken);
        }
        catch (EngineException e) when (e.Fault == EngineFault.Argument)
        {
            throw new ArgumentException(e.Message, e);
        }
        catch (EngineException e)
        {
            throw new StoreException(e.Message, e) { IsLasting = e.IsLasting };
        }
        catch (Exception e) when (ClusterFault.Is(e, cancellationToken))
        {
            throw new StoreException($"the cluster can't answer: {e.Message}", e) { IsBrief = true };
        }
    }
}
