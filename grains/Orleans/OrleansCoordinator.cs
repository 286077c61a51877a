using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans;

/// <summary>
/// A cluster's coordinator whose decisions are grains'. Submissions, files and reading go to the store directly: they are large, and need no decision
/// that the store's own transaction doesn't make.
/// </summary>
/// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="key">The store's key in every silo's <see cref="StoreHub"/>.</param>
/// <param name="store">The same store, for reading; closed with this.</param>
public sealed class OrleansCoordinator(Func<IGrainFactory> grains, string key, SqlSweeps store, TimeProvider time)
    : ClusterLeases(grains, key, new DirectStore(store), time), ICoordinator, ISweepReader
{
    /// <summary>In the store; the dispatcher finds it there.</summary>
    public Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken) =>
        store.SubmitAsync(sweep, trials, cancellationToken);

    public Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken) =>
        store.ContinueAsync(sweepId, sweep, trials, cancellationToken);

    public Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken) => store.StoreFileAsync(sha256, content, cancellationToken);

    /// <summary>Over all sweeps, so in the store; every sweep then looks again.</summary>
    public async Task<int> ReclaimAsync(string siloPrefix, CancellationToken cancellationToken)
    {
        int reclaimed = await store.ReclaimLeasesAsync(siloPrefix, cancellationToken);
        foreach (SweepSummary sweep in await store.ListAsync(cancellationToken))
            await AskAsync(() => Sweep(sweep.Id).ChangedAsync(), cancellationToken);
        return reclaimed;
    }

    /// <summary>As every operator's: a row in the store, with this process's rights there. Only that the grains look at once is this cluster's
    /// advantage.</summary>
    public async Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        await store.WriteAsync(request, cancellationToken);
        await AskAsync(() => Dispatch.CatchUpAsync(), cancellationToken);
        return await store.FindAsync(request, cancellationToken);
    }

    public Task<IReadOnlyList<JudgedLook>> LooksAsync(string sweepId, CancellationToken cancellationToken) => store.LooksAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> RequestsAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        store.RequestsAsync(sweepId, most, cancellationToken);

    public Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) => store.FindAsync(nameOrId, cancellationToken);

    public Task<(string ResolvedJson, string Source)> SpecAsync(string sweepId, CancellationToken cancellationToken) =>
        store.SpecAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialStatus? state, int skip, int take, CancellationToken cancellationToken) =>
        store.TrialsAsync(sweepId, state, skip, take, cancellationToken);

    public Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken) =>
        store.TrialsAsync(sweepId, query, cancellationToken);

    public Task<IReadOnlyDictionary<AttemptOutcome, int>> CausesAsync(string sweepId, CancellationToken cancellationToken) =>
        store.CausesAsync(sweepId, cancellationToken);

    public Task<TrialDetail?> TrialAsync(string sweepId, string trialIdOrPrefix, CancellationToken cancellationToken) =>
        store.TrialAsync(sweepId, trialIdOrPrefix, cancellationToken);

    public IAsyncEnumerable<CompletedTrial> CompletedAsync(string sweepId, Action<DamagedTrial>? damaged, CancellationToken cancellationToken) =>
        store.CompletedAsync(sweepId, damaged, cancellationToken);

    public Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken) => store.FileAsync(sha256, cancellationToken);

    public Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken) =>
        store.FinishedAsync(trialIds, cancellationToken);

    public Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken) =>
        store.DeletedAsync(after, most, cancellationToken);

    public Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken) => store.SilosAsync(cancellationToken);

    /// <summary>How the comparisons of a sweep stand, from its aggregator.</summary>
    /// <exception cref="ArgumentException">No such sweep.</exception>
    public Task<WireComparisons> CompareAsync(string sweepId, WireCompare wanted, CancellationToken cancellationToken) =>
        AskAsync(() => Grains().GetGrain<IAggregatorGrain>(GrainKeys.Sweep(Key, sweepId)).ComparisonsAsync(wanted), cancellationToken);

    /// <summary>A trial as its grain knows it, with the training curve so far where it runs.</summary>
    /// <exception cref="ArgumentException">No such trial.</exception>
    public Task<WireTrial> LiveAsync(string sweepId, string trialId, CancellationToken cancellationToken) =>
        AskAsync(() => Grains().GetGrain<ILiveTrialGrain>(GrainKeys.Trial(Key, sweepId, trialId)).StateAsync(), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
    }
}
