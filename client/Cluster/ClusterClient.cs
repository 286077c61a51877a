using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Cluster;

/// <summary>A client of the silos that serve a store: for what only they know. Disposing leaves.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    /// <summary>Gateways are given up before that (<see cref="OrleansHost"/>); the rest is for a slow machine.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly string _key;

    private ClusterClient(IHost host, string key) => (_host, _key) = (host, key);

    /// <summary>Connects.</summary>
    /// <exception cref="StoreException">The store can't be reached, or no silo answers.</exception>
    public static async Task<ClusterClient> ConnectAsync(PostgresUrl store, CancellationToken cancellationToken)
    {
        int up = await ClusterTables.ServingAsync(store, cancellationToken);
        if (up == 0)
            throw new StoreException("no silo is up: start one with: sweep silo --store URL");
        var keys = new KeyRing(await ClusterTables.KeysAsync(store, cancellationToken));
        await ClusterTables.RequireBuildAsync(store, keys.ClusterId, OrleansHost.Build, cancellationToken);
        IHost host = OrleansHost.Client(store, keys);
        await StartAsync(
            host,
            e => new StoreException(
                $"{(up == 1 ? "1 silo is" : $"{up} silos are")} up, but none answers at its port for clients within {ConnectWithin.TotalSeconds:0} s: "
                + "it has just died, or the port (sweep silo --gateway-port) can't be reached from here",
                e),
            cancellationToken);
        return new ClusterClient(host, store.Schema);
    }

    /// <summary>Connects to the process that works in a run's folder.</summary>
    /// <param name="socket">Its socket there.</param>
    /// <exception cref="StoreException">None does, or it isn't this user's.</exception>
    public static async Task<ClusterClient> ConnectAsync(string socket, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket))
            throw new StoreException($"no process works in {Path.GetDirectoryName(socket)} now; go on with: sweep run SPEC");
        IHost host = OrleansHost.Client(socket);
        await StartAsync(
            host,
            e => new StoreException($"no process answers at {socket}: it is suspended, has ended, is of another build, or another user's", e),
            cancellationToken);
        return new ClusterClient(host, EmbeddedNode.Key);
    }

    /// <summary>How the sweep's comparisons stand by one metric, from its aggregator.</summary>
    /// <exception cref="StoreException">No silo answers.</exception>
    public async Task<LiveComparisons> CompareAsync(string sweepId, string metric, int most, CancellationToken cancellationToken)
    {
        IAggregatorGrain grain = _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IAggregatorGrain>(GrainKeys.Sweep(_key, sweepId));
        WireComparisons answer = await ClusterLeases.AskAsync(
            () => grain.ComparisonsAsync(new WireCompare { Metric = metric, Averaged = true, MaxComparisons = most }), cancellationToken);
        return new LiveComparisons(answer.Completed, answer.Test, [.. answer.Comparisons.Select(c => c.ToSection())]);
    }

    /// <summary>What runs and how the comparisons stand, as it happens.</summary>
    public LiveStreams Live(TimeProvider time) => new(_host.Services.GetRequiredService<IGrainFactory>, _key, time);

    private static async Task StartAsync(IHost host, Func<Exception, StoreException> failure, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectWithin);
        try
        {
            await host.StartAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Its loops may still try; they end with the process.
            throw failure(e);
        }
    }

    public async ValueTask DisposeAsync() => await _host.StopSoonAsync();
}
