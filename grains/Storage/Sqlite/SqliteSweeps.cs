using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>
/// The store of an embedded run: one SQLite file, shared by the threads of a process and, on one machine, by several processes; each method is one
/// transaction. Its clock is the injected one. Who runs what is the grains' to decide.
/// </summary>
public sealed class SqliteSweeps : SqlSweeps
{
    private SqliteSweeps(SqlStore store, CoordinatorOptions options)
        : base(store, options)
    {
    }

    /// <summary>Opens the store at <paramref name="path"/>.</summary>
    /// <param name="create">Whether a missing file is made (its folder must exist); false for commands that only read or operate.</param>
    /// <exception cref="StoreException">
    /// The file is missing, cannot be opened, is another program's or another version's; or the machine has no SQLite library.
    /// </exception>
    public static SqliteSweeps Open(string path, TimeProvider clock, CoordinatorOptions? options = null, bool create = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(clock);
        options ??= new CoordinatorOptions();
        options.Validate();
        return new SqliteSweeps(SqliteStore.Open(path, clock, options.BusyTimeout, create), options);
    }

    /// <summary>A write transaction has the file to itself, so whoever asks also carries it out, at once. A run that is under way notices.</summary>
    public override Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Store.WriteAsync(
            durable: true,
            async work =>
            {
                await RequestRows.WriteAsync(work, request);
                await RequestRows.CarryOutAsync(work, request.SweepId is { } id ? await Operations.KeyAsync(work, id) : null, Options);
                await work.FlushAsync();
                return (await RequestRows.FindAsync(work.Connection, request.Id, work.CancellationToken))!;
            },
            cancellationToken);
    }
}
