using System.Text.Json;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Outbound;

/// <summary>The store as a worker sees it that reaches nothing but a silo's port for clients.</summary>
/// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="key">The store's key.</param>
/// <param name="leaseDuration">How long leases stand.</param>
public sealed class GatewayStore(Func<IGrainFactory> grains, string key, TimeSpan leaseDuration, TimeProvider time) : IWorkerStore
{
    /// <summary>One question for news takes no longer: less than a call may, and often enough that nothing on the way forgets the connection.</summary>
    private static readonly TimeSpan WaitAtOnce = TimeSpan.FromSeconds(5);

    private long _signals;

    public TimeSpan LeaseDuration => leaseDuration;

    public long Signals => Interlocked.Read(ref _signals);

    private IStoreGrain Store => grains().GetGrain<IStoreGrain>(key);

    /// <summary>Never throws for want of a silo: then it is the time that is up. Who asks next finds out.</summary>
    public async Task WaitAsync(long since, TimeSpan atMost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = time.GetTimestamp();
        while (Signals == since && atMost - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            try
            {
                // Another silo counts otherwise: whatever is new there is news.
                await RefreshAsync(since, left < WaitAtOnce ? left : WaitAtOnce, cancellationToken);
            }
            catch (StoreException)
            {
                await Task.Delay(left < WaitAtOnce ? left : WaitAtOnce, time, cancellationToken);
            }
        }
    }

    /// <summary>Asks how often work was announced; a sign of life of the cluster.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => RefreshAsync(-1, TimeSpan.Zero, cancellationToken);

    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        AskAsync(store => store.MayComeAsync(WireLeaseRequest.Of(request)), cancellationToken);

    public Task SeenAsync(string silo, CancellationToken cancellationToken) => AskAsync(
        async store =>
        {
            await store.SeenAsync(silo);
            return true;
        },
        cancellationToken);

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

    private async Task RefreshAsync(long since, TimeSpan atMost, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _signals, await AskAsync(store => store.WaitAsync(since, atMost), cancellationToken));

    private Task<T> AskAsync<T>(Func<IStoreGrain, Task<T>> call, CancellationToken cancellationToken) =>
        ClusterLeases.AskAsync(() => call(Store), cancellationToken);
}
