using System.Collections.Concurrent;
using Sweep.Client.Cluster;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans;
using Xunit;

namespace Sweep.Tests.Client.Chaos;

/// <summary>A silo in this process that does what the test says. Disposing leaves the cluster.</summary>
internal sealed class ChaosMember : IAsyncDisposable
{
    private readonly PostgresSweeps _store;
    private readonly ClusterNode _member;

    private ChaosMember(PostgresSweeps store, ClusterNode member, ConcurrentQueue<string> warnings) => (_store, _member, Warnings) = (store, member, warnings);

    /// <summary>What it would have written into a silo's log.</summary>
    public IReadOnlyCollection<string> Warnings { get; }

    public OrleansCoordinator Coordinator => _member.Coordinator;

    /// <param name="name">In the cluster, which takes the leases of a name that has died; null for one of its own.</param>
    public static async Task<ChaosMember> JoinAsync(PostgresUrl url, TimeSpan lease, string? name = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var limits = new CoordinatorOptions { LeaseDuration = lease };
        PostgresSweeps store = await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Existing, limits, cancellation);
        var warnings = new ConcurrentQueue<string>();
        var settings = new ClusterSettings(url) { Name = name, Warning = warnings.Enqueue };
        return new ChaosMember(store, await ClusterNode.JoinAsync(settings, store, limits, TimeProvider.System, cancellation), warnings);
    }

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        await _store.DisposeAsync();
    }
}
