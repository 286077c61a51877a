using System.Net;
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
    private readonly Lazy<Task<IHost>> _client;
    private readonly KeyRing _keys = new(ClusterKey.Make());
    private readonly int _gateway = OrleansHost.FreePort();

    public OrleansCluster()
    {
        _silos = new Lazy<Task<IHost[]>>(StartAsync);
        _client = new Lazy<Task<IHost>>(ConnectAsync);
    }

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

    /// <summary>The cluster as a client sees it that knows one silo's port for clients.</summary>
    public IGrainFactory Outside() => _client.Value.GetAwaiter().GetResult().Services.GetRequiredService<IGrainFactory>();

    /// <summary>The services of a silo.</summary>
    public IServiceProvider Services(int silo) => _silos.Value.GetAwaiter().GetResult()[silo % 2].Services;

    public async ValueTask DisposeAsync()
    {
        if (!_silos.IsValueCreated)
            return;
        if (_client.IsValueCreated)
            await EndAsync(await _client.Value);
        foreach (IHost silo in (await _silos.Value).Reverse())
            await EndAsync(silo);
    }

    private static async Task EndAsync(IHost host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StopAsync(patience.Token);
        host.Dispose();
    }

    private async Task<IHost> ConnectAsync()
    {
        await _silos.Value;
        IHost client = OrleansHost.Client(_keys, _keys.ClusterId, new IPEndPoint(IPAddress.Loopback, _gateway), TimeSpan.FromSeconds(30), null);
        await client.StartAsync();
        return client;
    }

    private async Task<IHost[]> StartAsync()
    {
        int first = OrleansHost.FreePort();
        IHost[] silos = [Silo(first, _gateway), Silo(OrleansHost.FreePort(), OrleansHost.FreePort())];
        foreach (IHost silo in silos)
            await silo.StartAsync();
        return silos;

        IHost Silo(int port, int gateway) => OrleansHost.LocalSilo(_keys, Hub, port, gateway, first, TimeSpan.FromSeconds(30));
    }
}
