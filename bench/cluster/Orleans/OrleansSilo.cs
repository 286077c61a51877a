using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Silo.Orleans;

namespace Sweep.Bench.Cluster;

/// <summary>A silo of an Orleans cluster, put together as <c>sweep silo --orleans</c> does.</summary>
internal static class OrleansSilo
{
    public static async Task<EngineSilo> OpenAsync(PostgresUrl store, string silo)
    {
        await ClusterTables.PrepareAsync(store, CancellationToken.None);
        PostgresCoordinator writing = await PostgresCoordinator.OpenAsync(store, TimeProvider.System, StoreOpening.Existing);
        PostgresCoordinator reading = await PostgresCoordinator.OpenAsync(store, TimeProvider.System, StoreOpening.Existing);
        var hub = new StoreHub();
        hub.Add(store.Schema, writing);
        IHost host = OrleansHost.Silo(
            store, hub, IPAddress.Loopback, OrleansHost.FreePort(), OrleansHost.FreePort(), new CoordinatorOptions().LeaseDuration, new EndsTheProcess());
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        var coordinator = new OrleansCoordinator(() => grains, store.Schema, reading, TimeProvider.System);
        var live = new LiveProgress(new QuietObserver(), () => grains, store.Schema, silo, TimeProvider.System);
        live.Start();
        return new EngineSilo(coordinator, live, async () =>
        {
            await live.DisposeAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await host.StopAsync(patience.Token);
            host.Dispose();
            await coordinator.DisposeAsync();
            await writing.DisposeAsync();
        });
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
