using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans;

/// <summary>The stores that this process's grains write to, by key: usually one. Thread-safe.</summary>
public sealed class StoreHub
{
    private readonly ConcurrentDictionary<string, SqlSweeps> _stores = new(StringComparer.Ordinal);

    /// <summary>Where the trials' grains of this process put their results together.</summary>
    public ReportGroups Reports { get; } = new();

    /// <summary>Adds a store; the caller closes it, after the silo has stopped.</summary>
    public void Add(string key, SqlSweeps store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!_stores.TryAdd(key, store))
            throw new ArgumentException($"store key: {key}; allowed: every key once", nameof(key));
    }

    /// <summary>Forgets it: its grains answer that there is no such store.</summary>
    public void Remove(string key) => _stores.TryRemove(key, out _);

    internal (SqlStore Store, CoordinatorOptions Options) Get(string key)
    {
        SqlSweeps store = Coordinator(key);
        return (store.Store, store.Options);
    }

    internal SqlSweeps Coordinator(string key) => _stores.TryGetValue(key, out SqlSweeps? store)
        ? store
        : throw new EngineException(EngineFault.Store, $"this silo serves another store: {key}");
}
