using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans;

/// <summary>The store as a process sees it that reaches the database. Doesn't own it.</summary>
public sealed class DirectStore(SqlSweeps store) : IWorkerStore
{
    public TimeSpan LeaseDuration => store.Options.LeaseDuration;

    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) => store.MayComeAsync(request, cancellationToken);

    public async Task<TrialSpec> TrialAsync(string sweepId, string trialId, CancellationToken cancellationToken) =>
        (await store.TrialAsync(sweepId, trialId, cancellationToken) ?? throw new ArgumentException($"no such trial: {trialId}")).Summary.Trial;

    public Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) => store.FindAsync(nameOrId, cancellationToken);

    public Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken) => store.FileAsync(sha256, cancellationToken);

    /// <summary>At most so many bytes of a data file, and how long all of it is; null where the store lacks it.</summary>
    public Task<(byte[] Bytes, int Length)?> FileAsync(string sha256, int from, int most, CancellationToken cancellationToken) =>
        store.FileAsync(sha256, from, most, cancellationToken);

    public Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken) =>
        store.DeletedAsync(after, most, cancellationToken);

    public Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken) =>
        store.FinishedAsync(trialIds, cancellationToken);

    public Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken) => store.SilosAsync(cancellationToken);
}
