using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Silo;
using Sweep.Silo.Orleans;

namespace Sweep.Bench.Cluster;

/// <summary>A silo of a cluster, put together as <c>sweep silo</c> does.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly LiveProgress _live;

    private BenchSilo(PostgresSweeps store, IHost host, string key, string silo)
    {
        (Store, _host) = (store, host);
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        Coordinator = new OrleansCoordinator(() => grains, key, store, TimeProvider.System);
        _live = new LiveProgress(new QuietObserver(), () => grains, key, silo, TimeProvider.System);
        _live.Start();
    }

    public PostgresSweeps Store { get; }

    public ICoordinator Coordinator { get; }

    public ISiloObserver Observer => _live;

    public static async Task<BenchSilo> OpenAsync(PostgresUrl url, string silo)
    {
        PostgresSweeps store = await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create);
        var hub = new StoreHub();
        hub.Add(url.Schema, store);
        IHost host = OrleansHost.Silo(
            url,
            new KeyRing(await ClusterTables.KeysAsync(url, CancellationToken.None)),
            hub,
            new SiloPlace(IPAddress.Loopback, OrleansHost.FreePort(), OrleansHost.FreePort(), new CoordinatorOptions().LeaseDuration, new EndsTheProcess()));
        await host.StartAsync();
        return new BenchSilo(store, host, url.Schema, silo);
    }

    public async ValueTask DisposeAsync()
    {
        await _live.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(patience.Token);
        _host.Dispose();
        await Store.DisposeAsync();
    }

    private sealed class EndsTheProcess : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
        {
            Console.Error.WriteLine($"the cluster has declared this silo dead: {context}");
            Environment.Exit(1);
        }
    }
}
