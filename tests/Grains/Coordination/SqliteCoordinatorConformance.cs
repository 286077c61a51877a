using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Grains.Coordination;

public sealed class SqliteCoordinatorConformance : CoordinatorConformance
{
    private protected override TestStore NewStore() => new SqliteTestStore();
}
