using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans;

/// <summary>A PostgreSQL store of its own whose trials the shared cluster's grains own. Connections alternate between the two silos.</summary>
internal sealed class OrleansTestStore(PostgresServer server, OrleansCluster cluster) : TestStore
{
    private readonly PostgresTestStore _store = new(server);
    private bool _served;
    private int _connections;

    public override DateTimeOffset Now => _store.Now;

    public string Schema => _store.Schema;

    public override SqlSweeps Open(CoordinatorOptions? options = null) => _store.Open(options);

    public override ICoordinator Connect(CoordinatorOptions? options = null)
    {
        if (!_served)
            cluster.Hub.Add(_store.Schema, _store.Open(options));
        _served = true;
        int silo = _connections++;
        return new OrleansCoordinator(() => cluster.Grains(silo), _store.Schema, _store.Open(options), TimeProvider.System);
    }

    public override void Advance(TimeSpan by) => _store.Advance(by);

    public override Task ForgeAsync(Forgery forgery, string trialId) => _store.ForgeAsync(forgery, trialId);

    public override async ValueTask DisposeAsync()
    {
        cluster.Hub.Remove(_store.Schema);
        await _store.DisposeAsync();
    }
}
