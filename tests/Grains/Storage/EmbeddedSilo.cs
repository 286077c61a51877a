using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage;
using Sweep.Silo.Orleans;

namespace Sweep.Tests.Grains.Storage;

/// <summary>An embedded run's silo, one for all tests of this process: it serves any number of stores, and ends with the process.</summary>
internal static class EmbeddedSilo
{
    private static readonly StoreHub Hub = new();
    private static readonly Lazy<IGrainFactory> Factory = new(Start);
    private static int _count;

    public static IGrainFactory Grains => Factory.Value;

    /// <summary>Serves a store under a new key, which it returns.</summary>
    public static string Add(SqlSweeps store)
    {
        string key = $"s{Interlocked.Increment(ref _count)}";
        Hub.Add(key, store);
        return key;
    }

    public static void Remove(string key) => Hub.Remove(key);

    /// <summary>A coordinator of a store that nobody else serves, and that is closed with it.</summary>
    public static OrleansCoordinator Serve(SqlSweeps store) => new(() => Grains, Add(store), store, TimeProvider.System);

    private static IGrainFactory Start()
    {
        IHost silo = OrleansHost.Embedded(Hub, null, Task.FromResult<string?>(null));
        silo.StartAsync().GetAwaiter().GetResult();
        return silo.Services.GetRequiredService<IGrainFactory>();
    }
}
