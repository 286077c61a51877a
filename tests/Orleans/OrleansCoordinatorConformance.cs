using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans;

public sealed class OrleansCoordinatorConformance(PostgresServer server, OrleansCluster cluster) : CoordinatorConformance
{
    private protected override TestStore NewStore() => new OrleansTestStore(server, cluster);

    private protected override int ModelRuns => 5;
}
