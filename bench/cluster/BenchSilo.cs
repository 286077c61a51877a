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
    private readonly bool _ownsStore;

    private BenchSilo(PostgresSweeps store, bool ownsStore, IHost host, string key, string silo)
    {
        (Store, _ownsStore, _host) = (store, ownsStore, host);
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        Coordinator = new OrleansCoordinator(() => grains, key, store, TimeProvider.System);
        _live = new LiveProgress(new QuietObserver(), () => grains, key, silo, TimeProvider.System);
        _live.Start();
    }

    /// <summary>As <c>sweep silo</c> has them.</summary>
    public static CoordinatorOptions Limits { get; } = CoordinatorOptions.OfCluster(new CoordinatorOptions().LeaseDuration);

    public PostgresSweeps Store { get; }

    public ICoordinator Coordinator { get; }

    public ISiloObserver Observer => _live;

    public static async Task<BenchSilo> OpenAsync(PostgresUrl url, string silo) => await OpenAsync(
        url, silo, await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create, Limits), ownsStore: true, new EndsTheProcess(), null);

    /// <summary>One of several silos of a process, which share its store's connections.</summary>
    /// <param name="store">The caller's.</param>
    /// <param name="dead">Told when the cluster has declared it dead.</param>
    /// <param name="warning">Told of what Orleans warns of.</param>
    public static Task<BenchSilo> OpenAsync(PostgresUrl url, string silo, PostgresSweeps store, IFatalErrorHandler dead, Action<string> warning) =>
        OpenAsync(url, silo, store, ownsStore: false, dead, warning);

    private static async Task<BenchSilo> OpenAsync(
        PostgresUrl url, string silo, PostgresSweeps store, bool ownsStore, IFatalErrorHandler dead, Action<string>? warning)
    {
        var hub = new StoreHub();
        hub.Add(url.Schema, store);
        IHost host = OrleansHost.Silo(
            url,
            new KeyRing(await ClusterTables.KeysAsync(url, CancellationToken.None)),
            hub,
            new SiloPlace(IPAddress.Loopback, OrleansHost.FreePort(), OrleansHost.FreePort(), Limits.LeaseDuration, dead)
            {
                Name = silo, Warning = warning,
            });
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new BenchSilo(store, ownsStore, host, url.Schema, silo);
    }

    public async ValueTask DisposeAsync()
    {
        await _live.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(patience.Token);
        _host.Dispose();
        if (_ownsStore)
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
