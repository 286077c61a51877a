using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Storage;

/// <summary>What is SQLite's own: whose files it takes, what a crash leaves, what an operation costs.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-sqlite-");
    private readonly ManualClock _clock = new();

    private string FilePath => Path.Combine(_folder.FullName, "sweep.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_WhenTheFileIsMissing_IsRefusedUnlessAsked()
    {
        StoreException e = Assert.Throws<StoreException>(() => SqliteSweeps.Open(FilePath, _clock, create: false));
        Assert.Contains(FilePath, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
        Assert.Throws<StoreException>(() => SqliteSweeps.Open(Path.Combine(_folder.FullName, "no", "sweep.db"), _clock));
    }

    /// <summary>The operating system keeps a deleted file for who has it open.</summary>
    [Fact]
    public async Task WriteAsync_WhenTheFileWasRemoved_SaysThatItIsGone()
    {
        await using OrleansCoordinator store = Serve();
        await store.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        File.Delete(FilePath);

        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.LeaseAsync(new LeaseRequest("a", 1), None));
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync(None));

        Assert.All([write, read], e => Assert.StartsWith($"the store is gone: {FilePath} was removed or renamed", e.Message, StringComparison.Ordinal));
        Assert.All([write, read], e => Assert.True(e.IsLasting));
    }

    [Fact]
    public void Open_WhenTheFileIsNoDatabase_IsRefusedUntouched()
    {
        byte[] bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        File.WriteAllBytes(FilePath, bytes);

        StoreException e = Assert.Throws<StoreException>(() => SqliteSweeps.Open(FilePath, _clock));

        Assert.Contains("not a store of ours", e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Open_WhenTheDatabaseIsAnotherPrograms_IsRefusedUntouched()
    {
        SQLitePCL.Batteries_V2.Init();
        Execute("CREATE TABLE sweeps (id TEXT)");
        byte[] bytes = File.ReadAllBytes(FilePath);

        StoreException e = Assert.Throws<StoreException>(() => SqliteSweeps.Open(FilePath, _clock));

        Assert.Contains("not a store of ours", e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(StoreSchema.Version - 1)]
    [InlineData(StoreSchema.Version + 1)]
    [InlineData(99)]
    public async Task Open_WhenTheSchemaIsOfAnotherVersion_IsRefusedByNumberUntouched(int version)
    {
        await SqliteSweeps.Open(FilePath, _clock).DisposeAsync();
        Execute($"PRAGMA user_version = {version}");
        byte[] bytes = File.ReadAllBytes(FilePath);

        StoreException e = Assert.Throws<StoreException>(() => SqliteSweeps.Open(FilePath, _clock));

        Assert.Contains($"schema {version}; allowed: {StoreSchema.Version}. Another version of Sweep made it", e.Message, StringComparison.Ordinal);
        Assert.Contains("start in a new folder (--out DIR)", e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Theory]
    [InlineData("UPDATE metrics SET value = 9e999")]
    [InlineData("UPDATE metrics SET truth_level = -9e999")]
    [InlineData("UPDATE metrics SET value = NULL WHERE reason IS NULL")]
    [InlineData("UPDATE metrics SET value = 'much'")]
    [InlineData("UPDATE curves SET points = x'010203'")]
    [InlineData("UPDATE results SET notes = '['")]
    [InlineData("UPDATE results SET digest = x'00'")]
    [InlineData("UPDATE results SET attempt = 0")]
    [InlineData("UPDATE trials SET state = 7")]
    [InlineData("UPDATE trials SET state = 1")]
    [InlineData("UPDATE trials SET state = 'queued'")]
    [InlineData("UPDATE trials SET cost = 9e999")]
    [InlineData("UPDATE trials SET failures = -1")]
    [InlineData("UPDATE trials SET digest = NULL")]
    [InlineData("UPDATE attempts SET outcome = 8")]
    [InlineData("UPDATE attempts SET outcome = -1")]
    public async Task Rows_WhenOutOfRange_AreRefused(string sql)
    {
        await using OrleansCoordinator coordinator = Serve();
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await coordinator.CompleteAsync((await coordinator.LeaseAsync(new LeaseRequest("a", 1), None))[0], Samples.Result(), None);

        SqliteException e = Assert.Throws<SqliteException>(() => Execute(sql));
        Assert.Equal(19, e.SqliteErrorCode); // SQLITE_CONSTRAINT
    }

    [Fact]
    public async Task Rows_WhenStatesAndOutcomesAreOnesWeKnow_AreTaken()
    {
        await using OrleansCoordinator coordinator = Serve();
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await coordinator.LeaseAsync(new LeaseRequest("a", 1), None);
        foreach (AttemptOutcome outcome in Enum.GetValues<AttemptOutcome>())
            Execute($"UPDATE attempts SET outcome = {(int)outcome}");
        foreach (TrialStatus state in Enum.GetValues<TrialStatus>())
            Execute($"UPDATE trials SET state = {(int)state}, silo = {(state == TrialStatus.Running ? "1" : "NULL")}, expires = 0");
    }

    /// <summary>SQLite rolls back by itself then, and a ROLLBACK after that would be the error that is seen.</summary>
    [Fact]
    public async Task WriteAsync_WhenTheDiskIsFull_SaysSoAndGoesOnWithRoomAgain()
    {
        await using SqliteStore store = SqliteStore.Open(FilePath, _clock, TimeSpan.FromSeconds(5), create: true);
        await store.WriteAsync(true, work => work.ExecuteAsync("PRAGMA max_page_count = 60"), None);

        StoreException e = await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(true, async work =>
        {
            int rows = 0;
            for (int i = 0; i < 400; i++)
                rows += await work.ExecuteAsync("INSERT INTO files (sha256, content) VALUES (@name, zeroblob(4000))", new { name = $"{i}" });
            return rows;
        }, None));

        Assert.StartsWith($"no space left on {_folder.FullName}", e.Message, StringComparison.Ordinal);
        Assert.True(e.IsLasting);
        await store.WriteAsync(true, work => work.ExecuteAsync("PRAGMA max_page_count = 100000"), None);
        Assert.Equal(1, await store.WriteAsync(true, work => work.ExecuteAsync("INSERT INTO files (sha256, content) VALUES ('again', zeroblob(4000))"), None));
        Assert.Equal(1L, Scalar(FilePath, "SELECT COUNT(*) FROM files"));
    }

    [Fact]
    public async Task ReadAsync_WhenAValueIsOfAnotherType_SaysThatTheStoreIsDamaged()
    {
        await using SqliteSweeps coordinator = SqliteSweeps.Open(FilePath, _clock);
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        Execute("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ') STRICT', ')') WHERE name = 'sweeps'");
        Execute("PRAGMA ignore_check_constraints = ON; UPDATE sweeps SET submitted = 'long ago'");

        StoreException e = await Assert.ThrowsAsync<StoreException>(() => coordinator.ListAsync(None));

        Assert.Contains("the store is damaged", e.Message, StringComparison.Ordinal);
        Assert.Contains(".recover", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhenSeveralCreateTheFileAtOnce_AllSucceed()
    {
        SqliteSweeps[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SqliteSweeps.Open(FilePath, _clock))));
        await opened[0].SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        foreach (SqliteSweeps coordinator in opened)
        {
            Assert.Single(await coordinator.ListAsync(None));
            await coordinator.DisposeAsync();
        }
    }

    [Fact]
    public async Task WriteAsync_WhenAnotherProcessHoldsTheLock_SaysSo()
    {
        CoordinatorOptions impatient = new() { BusyTimeout = TimeSpan.FromMilliseconds(50) };
        await using SqliteSweeps coordinator = SqliteSweeps.Open(FilePath, _clock, impatient);
        await using SqliteConnection other = new($"Data Source={FilePath};Pooling=False");
        other.Open();
        await using SqliteTransaction transaction = other.BeginTransaction(deferred: false);

        StoreException e = await Assert.ThrowsAsync<StoreException>(
            () => coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None));
        Assert.Contains("locked by another process", e.Message, StringComparison.Ordinal);

        await transaction.RollbackAsync();
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
    }

    /// <summary>
    /// A process that is killed leaves the file and the log as the kernel has them; a power cut leaves a prefix of the log. Every such state must open,
    /// be sound and agree with its own counters; with the whole log, nothing is lost.
    /// </summary>
    [Fact]
    public async Task Open_AfterACrashAtAnyMoment_FindsASoundStore()
    {
        await using OrleansCoordinator coordinator = Serve();
        string sweepId = (await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(12), None)).SweepId;
        for (int i = 0; i < 10; i++)
        {
            foreach (Lease lease in await coordinator.LeaseAsync(new LeaseRequest("a", 1), None))
                await coordinator.CompleteAsync(lease, Samples.Result(i), None);
        }

        await coordinator.LeaseAsync(new LeaseRequest("a", 1), None);
        byte[] file = ReadShared(FilePath);
        byte[] log = ReadShared(FilePath + "-wal");
        Assert.True(log.Length > 50_000, "the log should hold the transactions still");

        int most = 0;
        foreach (int length in Enumerable.Range(0, 24).Select(i => (int)((long)log.Length * i / 24)).Append(log.Length))
        {
            // A file of its own: SQLite knows files by their inodes, and one that is deleted and made again may get that of another which is still open in
            // this process.
            string crashed = Path.Combine(_folder.FullName, $"crashed-{length}.db");
            File.WriteAllBytes(crashed, file);
            File.WriteAllBytes(crashed + "-wal", log[..length]);

            await using SqliteSweeps reopened = SqliteSweeps.Open(crashed, _clock);
            Assert.Equal("ok", Scalar(crashed, "PRAGMA integrity_check"));
            Assert.Null(Scalar(crashed, "PRAGMA foreign_key_check"));
            SweepSummary? summary = await reopened.FindAsync(sweepId, None);
            if (summary is null)
                continue;
            Assert.True(summary.Completed >= most);
            most = summary.Completed;
            Assert.Equal(12, summary.Total);
            Assert.Equal(summary.Completed, (await reopened.TrialsAsync(sweepId, TrialStatus.Completed, 0, 99, None)).Count);
            Assert.Equal(summary.Queued, (await reopened.TrialsAsync(sweepId, TrialStatus.Queued, 0, 99, None)).Count);
            Assert.Equal((long)summary.Completed, Scalar(crashed, "SELECT COUNT(*) FROM results"));
        }

        Assert.Equal(10, most);
    }

    /// <summary>Cost in SQLite's virtual machine instructions, which no other load on the machine changes.</summary>
    [Fact]
    public async Task Operations_WhenManyTrialsAreFinishedOrQueued_CostTheSame()
    {
        await using SqliteStore store = SqliteStore.Open(FilePath, _clock, TimeSpan.FromSeconds(5), create: true);
        CoordinatorOptions options = new() { RetryBudget = 0 };
        await store.WriteAsync(false, work => Submission.SubmitAsync(work, Samples.Sweep("ring"), Samples.Trials(1100)), None);

        string sweepId = Samples.Sweep("ring").Id;
        SweepTransaction grain = new(sweepId, options);
        long silo = await store.WriteAsync(false, async work => (await Silos.FindAsync(work, "a", 0)).Silo, None);
        sqlite3 handle = await store.WriteAsync(false, work => Task.FromResult(((SqliteConnection)work.Connection).Handle!), None);

        async Task<T> DoAsync<T>(SweepOperation<T> operation)
        {
            await grain.CommitAsync(store, [operation]);
            return operation.Answer;
        }

        async Task<int> RoundAsync()
        {
            int instructions = 0;
            raw.sqlite3_progress_handler(handle, 1, _ => ++instructions * 0, null);
            WireLease lease = Assert.Single(await DoAsync(new TakeOperation(new WireTake { Silo = silo, MaxTrials = 1, FailedSince = long.MaxValue })));
            WireProgress progress = new() { TrialId = lease.TrialId, FencingToken = lease.FencingToken, Phase = "train", Fraction = 0.5 };
            Assert.Equal(new[] { (int)HeartbeatAnswer.Renewed }, await DoAsync(new HeartbeatOperation("a", [progress])));
            var report = WireReport.Of(lease.ToLease(), AttemptOutcome.Completed, result: Samples.Result());
            int answer = lease.ToLease().Trial.Seed % 5 == 0
                ? await DoAsync(grain.InStore(report with { Outcome = (int)AttemptOutcome.Failed, Message = "NaN", Result = null }))
                : await DoAsync(new CompleteOperation(report));
            Assert.Equal((int)ReportAnswer.Accepted, answer);
            raw.sqlite3_progress_handler(handle, 0, null, null);
            return instructions;
        }

        List<int> costs = [];
        for (int i = 0; i < 1100; i++)
            costs.Add(await RoundAsync());

        int early = costs.Skip(50).Take(50).Sum();
        int late = costs.TakeLast(50).Sum();
        Assert.InRange(early, 50 * 100, 50 * 100_000);

        // Neither with the finished trials nor with the queue, which is a thousand long at first and empty at last.
        Assert.InRange(late, early / Tolerances.CostGrowth, early * Tolerances.CostGrowth);
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static object? Scalar(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private OrleansCoordinator Serve() => EmbeddedSilo.Serve(SqliteSweeps.Open(FilePath, _clock));

    private void Execute(string sql) => Scalar(FilePath, sql);
}
