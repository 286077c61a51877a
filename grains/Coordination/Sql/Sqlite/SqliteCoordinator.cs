namespace Sweep.Grains.Coordination.Sql.Sqlite;

/// <summary>
/// The embedded coordinator: one SQLite file, shared by the threads of a process and, on one machine, by several processes. Its clock is the
/// injected one.
/// </summary>
public sealed class SqliteCoordinator : SqlCoordinator
{
    private SqliteCoordinator(SqlStore store, CoordinatorOptions options, TimeProvider clock)
        : base(store, options, clock)
    {
    }

    /// <summary>Opens the store at <paramref name="path"/>.</summary>
    /// <param name="create">Whether a missing file is made (its folder must exist); false for commands that only read or operate.</param>
    /// <exception cref="StoreException">
    /// The file is missing, cannot be opened, is another program's or another version's; or the machine has no SQLite library.
    /// </exception>
    public static SqliteCoordinator Open(string path, TimeProvider clock, CoordinatorOptions? options = null, bool create = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(clock);
        options ??= new CoordinatorOptions();
        options.Validate();
        return new SqliteCoordinator(SqliteStore.Open(path, clock, options.BusyTimeout, create), options, clock);
    }
}
