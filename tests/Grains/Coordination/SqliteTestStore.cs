using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Sqlite;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>A SQLite file in a folder of its own, removed at the end.</summary>
internal sealed class SqliteTestStore : TestStore
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-store-");
    private readonly ManualClock _clock = new();
    private readonly List<ICoordinator> _open = [];

    public string FilePath => Path.Combine(_folder.FullName, "sweep.db");

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override ICoordinator Connect(CoordinatorOptions? options = null)
    {
        SqliteCoordinator coordinator = SqliteCoordinator.Open(FilePath, _clock, options);
        _open.Add(coordinator);
        return coordinator;
    }

    public override void Advance(TimeSpan by) => _clock.Advance(by);

    public override async ValueTask DisposeAsync()
    {
        foreach (ICoordinator coordinator in _open)
            await coordinator.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
