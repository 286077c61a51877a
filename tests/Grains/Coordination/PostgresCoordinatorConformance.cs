namespace Sweep.Tests.Grains.Coordination;

public sealed class PostgresCoordinatorConformance(PostgresServer server) : CoordinatorConformance
{
    private protected override TestStore NewStore() => new PostgresTestStore(server);

    private protected override int ModelRuns => 15;
}
