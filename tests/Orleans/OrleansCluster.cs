using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;
using Sweep.Tests.Orleans;
using Xunit;

[assembly: AssemblyFixture(typeof(OrleansCluster))]

namespace Sweep.Tests.Orleans;

/// <summary>Two silos of one cluster in this process, started when the first test asks. They serve any number of test stores.</summary>
public sealed class OrleansCluster : IAsyncDisposable
{
    private readonly Lazy<Task<IHost[]>> _silos;

    public OrleansCluster() => _silos = new Lazy<Task<IHost[]>>(StartAsync);

    public StoreHub Hub { get; } = new();

    /// <summary>
    /// A store whose sweeps' grains live here, as a worker sees it; the caller closes it, and takes it out of <see cref="Hub"/> where the schema's name comes
    /// again.
    /// </summary>
    public OrleansCoordinator Serve(string schema, PostgresSweeps store)
    {
        Hub.Add(schema, store);
        return new OrleansCoordinator(() => Grains(0), schema, store, TimeProvider.System);
    }

    /// <summary>The cluster as one of its silos sees it.</summary>
    public IGrainFactory Grains(int silo) => _silos.Value.GetAwaiter().GetResult()[silo % 2].Services.GetRequiredService<IGrainFactory>();

    /// <summary>The services of a silo.</summary>
    public IServiceProvider Services(int silo) => _silos.Value.GetAwaiter().GetResult()[silo % 2].Services;

    public async ValueTask DisposeAsync()
    {
        if (!_silos.IsValueCreated)
            return;
        foreach (IHost silo in (await _silos.Value).Reverse())
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await silo.StopAsync(patience.Token);
            silo.Dispose();
        }
    }

    private async Task<IHost[]> StartAsync()
    {
        int first = OrleansHost.FreePort();
        var key = new KeyRing(ClusterKey.Make());
        IHost[] silos = [Silo(first), Silo(OrleansHost.FreePort())];
        foreach (IHost silo in silos)
            await silo.StartAsync();
        return silos;

        IHost Silo(int port) => OrleansHost.LocalSilo(key, Hub, port, OrleansHost.FreePort(), first, TimeSpan.FromSeconds(30));
    }
}
