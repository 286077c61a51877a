using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans.Outbound;

/// <summary>A worker that reaches nothing but a silo's port for clients has the same promises.</summary>
public sealed class OutboundWorkConformance(PostgresServer server, OrleansCluster cluster) : WorkConformance
{
    private protected override TestStore NewStore() => new OutboundTestStore(server, cluster);

    private protected override int ModelRuns => 3;
}
