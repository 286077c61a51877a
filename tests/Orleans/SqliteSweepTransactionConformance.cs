using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans;

public sealed class SqliteSweepTransactionConformance : SweepTransactionConformance
{
    private long? _commits;

    private protected override long MaxCommits => 1;

    private protected override TestStore NewStore() => new SqliteTestStore();

    private protected override async Task<long> CommitsAsync()
    {
        if (_commits is null)
        {
            _commits = 0;
            sqlite3 writer = await Store.WriteAsync(false, work => Task.FromResult(((SqliteConnection)work.Connection).Handle!), default);
            raw.sqlite3_commit_hook(
                writer,
                _ =>
                {
                    _commits++;
                    return 0;
                },
                null);
        }

        return _commits.Value;
    }
}
