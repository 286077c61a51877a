using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Outbound;
using Sweep.Grains.Storage;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans.Outbound;

/// <summary>As <see cref="OrleansTestStore"/>, but a worker's calls go through a silo's port for clients.</summary>
internal sealed class OutboundTestStore(PostgresServer server, OrleansCluster cluster) : TestStore
{
    private readonly OrleansTestStore _store = new(server, cluster);

    public override DateTimeOffset Now => _store.Now;

    public override SqlSweeps Open(CoordinatorOptions? options = null) => _store.Open(options);

    public override ICoordinator Connect(CoordinatorOptions? options = null)
    {
        options ??= new CoordinatorOptions();
        ICoordinator inside = _store.Connect(options);
        var store = new GatewayStore(cluster.Outside, _store.Schema, options.LeaseDuration);
        return WorkOutside.Of(new ClusterLeases(cluster.Outside, _store.Schema, store, TimeProvider.System), store, inside);
    }

    public override void Advance(TimeSpan by) => _store.Advance(by);

    public override Task ForgeAsync(Forgery forgery, string trialId) => _store.ForgeAsync(forgery, trialId);

    public override ValueTask DisposeAsync() => _store.DisposeAsync();
}
