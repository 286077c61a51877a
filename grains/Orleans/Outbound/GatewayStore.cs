using System.Text.Json;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Outbound;

/// <summary>The store as a worker sees it that reaches nothing but a silo's port for clients.</summary>
/// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="key">The store's key.</param>
/// <param name="leaseDuration">How long leases stand.</param>
public sealed class GatewayStore(Func<IGrainFactory> grains, string key, TimeSpan leaseDuration) : IWorkerStore
{
    public TimeSpan LeaseDuration => leaseDuration;

    private IStoreGrain Store => grains().GetGrain<IStoreGrain>(key);

    /// <summary>A sign of life of the silo that this process is connected to.</summary>
    public Task HereAsync(CancellationToken cancellationToken) => AskAsync(
        async store =>
        {
            await store.HereAsync();
            return true;
        },
        cancellationToken);

    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        AskAsync(store => store.MayComeAsync(WireLeaseRequest.Of(request)), cancellationToken);

    public async Task<TrialSpec> TrialAsync(string sweepId, string trialId, CancellationToken cancellationToken) =>
        TrialSpecJson.Read(await AskAsync(store => store.TrialAsync(sweepId, trialId), cancellationToken));

    public async Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        await AskAsync(store => store.FindAsync(nameOrId), cancellationToken) is { } sweep ? Read<SweepSummary>(sweep) : null;

    /// <summary>In pieces, far below the largest message. Whoever uses it checks the content against the hash.</summary>
    public async Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken)
    {
        byte[]? content = null;
        for (int at = 0; content is null || at < content.Length;)
        {
            if (await AskAsync(store => store.FileAsync(sha256, at), cancellationToken) is not { } piece)
                return null;
            content ??= new byte[piece.Length];
            if (content.Length == 0)
                break;
            if (piece.Length != content.Length || piece.Bytes.Length == 0 || piece.Bytes.Length > content.Length - at)
                throw new StoreException($"data file {sha256} has changed while it was fetched");
            piece.Bytes.CopyTo(content, at);
            at += piece.Bytes.Length;
        }

        return content;
    }

    public async Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken) => Read<List<DeletedTrial>>(
        await AskAsync(store => store.DeletedAsync(after is null ? null : JsonSerializer.SerializeToUtf8Bytes(after), most), cancellationToken));

    public async Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken) =>
        await AskAsync(store => store.FinishedAsync([.. trialIds]), cancellationToken);

    public async Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken) =>
        Read<List<SiloSummary>>(await AskAsync(store => store.SilosAsync(), cancellationToken));

    private static T Read<T>(byte[] json) => JsonSerializer.Deserialize<T>(json) ?? throw new StoreException("the cluster's answer is empty");

    private Task<T> AskAsync<T>(Func<IStoreGrain, Task<T>> call, CancellationToken cancellationToken) =>
        ClusterLeases.AskAsync(() => call(Store), cancellationToken);
}
