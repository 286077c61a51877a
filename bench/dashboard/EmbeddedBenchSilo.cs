using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Silo.Orleans;

namespace Sweep.Bench.Dashboard;

/// <summary>The silo of an embedded run, put together as <c>sweep run</c> does.</summary>
internal sealed class EmbeddedBenchSilo : IAsyncDisposable
{
    private const string Key = "embedded";

    private readonly IHost _host;
    private readonly SqliteSweeps _store;

    private EmbeddedBenchSilo(IHost host, SqliteSweeps store)
    {
        (_host, _store) = (host, store);
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        Coordinator = new OrleansCoordinator(() => grains, Key, store, TimeProvider.System);
    }

    public ICoordinator Coordinator { get; }

    public static async Task<EmbeddedBenchSilo> OpenAsync(string file)
    {
        SqliteSweeps store = SqliteSweeps.Open(file, TimeProvider.System);
        var hub = new StoreHub();
        hub.Add(Key, store);
        IHost host = OrleansHost.Embedded(hub, null, Task.FromResult<string?>(null));
        await host.StartAsync();
        return new EmbeddedBenchSilo(host, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _store.DisposeAsync();
    }
}
