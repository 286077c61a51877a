using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql;
using Sweep.Grains.Coordination.Sql.Sqlite;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

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
        StoreException e = Assert.Throws<StoreException>(() => SqliteCoordinator.Open(FilePath, _clock, create: false));
        Assert.Contains(FilePath, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
        Assert.Throws<StoreException>(() => SqliteCoordinator.Open(Path.Combine(_folder.FullName, "no", "sweep.db"), _clock));
    }

    [Fact]
    public void Open_WhenTheFileIsNoDatabase_IsRefusedUntouched()
    {
        byte[] bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        File.WriteAllBytes(FilePath, bytes);

        StoreException e = Assert.Throws<StoreException>(() => SqliteCoordinator.Open(FilePath, _clock));

        Assert.Contains("not a store of ours", e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Open_WhenTheDatabaseIsAnotherPrograms_IsRefusedUntouched()
    {
        SQLitePCL.Batteries_V2.Init();
        Execute("CREATE TABLE sweeps (id TEXT)");
        byte[] bytes = File.ReadAllBytes(FilePath);

        StoreException e = Assert.Throws<StoreException>(() => SqliteCoordinator.Open(FilePath, _clock));

        Assert.Contains("not a store of ours", e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Open_WhenTheSchemaIsNewer_IsRefusedByName()
    {
        await SqliteCoordinator.Open(FilePath, _clock).DisposeAsync();
        Execute("PRAGMA user_version = 99");

        StoreException e = Assert.Throws<StoreException>(() => SqliteCoordinator.Open(FilePath, _clock));

        Assert.Contains("schema 99", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Data/store-v1.db was written by schema 1: three trials, one completed, one failed for good, one queued. Never regenerate it.</summary>
    [Fact]
    public async Task Open_WhenTheFileIsOfTheFirstSchema_ReadsAndContinuesIt()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Grains", "Coordination", "Data", "store-v1.db"), FilePath);
        await using SqliteCoordinator coordinator = SqliteCoordinator.Open(FilePath, _clock);

        SweepSummary summary = Assert.Single(await coordinator.ListAsync(None));
        Assert.Equal(("ring", 3, 1, 1, 1), (summary.Name, summary.Total, summary.Completed, summary.Failed, summary.Queued));
        CompletedTrial completed = default!;
        await foreach (CompletedTrial trial in coordinator.CompletedAsync(summary.Id, None))
            completed = trial;
        Assert.Equal(("gmm-ring", 1e-3, 8), (completed.Trial.Dataset.Kind, completed.Trial.Training.LearningRate, completed.Trial.Network.Width));
        Assert.Equal((-1.5, -1.25), (completed.Result.Metrics["log_likelihood"].Value, completed.Result.Metrics["log_likelihood"].Floor));
        Assert.Equal("never", completed.Result.Metrics["steps_to_threshold"].Reason);
        Assert.Equal([-5, -2.5f, float.NaN, float.NegativeInfinity, -0f, float.Epsilon], completed.Result.Curves["log_likelihood"]);
        TrialDetail failed = (await coordinator.TrialAsync(summary.Id, Samples.Trial(1).Id, None))!;
        Assert.Equal(
            [AttemptOutcome.Failed, AttemptOutcome.OutOfMemory, AttemptOutcome.Lost, AttemptOutcome.Preempted, AttemptOutcome.Failed, AttemptOutcome.Failed],
            failed.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal("loss is NaN at step 12", failed.Summary.Message);

        Assert.Equal(3, (await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(3), None)).Existing);
        Assert.Equal(2, Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("b", 9), None)).Trial.Seed);
    }

    [Fact]
    public async Task Open_WhenSeveralCreateTheFileAtOnce_AllSucceed()
    {
        SqliteCoordinator[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SqliteCoordinator.Open(FilePath, _clock))));
        await opened[0].SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        foreach (SqliteCoordinator coordinator in opened)
        {
            Assert.Single(await coordinator.ListAsync(None));
            await coordinator.DisposeAsync();
        }
    }

    [Fact]
    public async Task WriteAsync_WhenAnotherProcessHoldsTheLock_SaysSo()
    {
        CoordinatorOptions impatient = new() { BusyTimeout = TimeSpan.FromMilliseconds(50) };
        await using SqliteCoordinator coordinator = SqliteCoordinator.Open(FilePath, _clock, impatient);
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
        await using SqliteCoordinator coordinator = SqliteCoordinator.Open(FilePath, _clock);
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

        string crashed = Path.Combine(_folder.FullName, "crashed.db");
        int most = 0;
        foreach (int length in Enumerable.Range(0, 24).Select(i => (int)((long)log.Length * i / 24)).Append(log.Length))
        {
            foreach (string old in Directory.GetFiles(_folder.FullName, "crashed.db*"))
                File.Delete(old);
            File.WriteAllBytes(crashed, file);
            File.WriteAllBytes(crashed + "-wal", log[..length]);

            await using SqliteCoordinator reopened = SqliteCoordinator.Open(crashed, _clock);
            Assert.Equal("ok", Scalar(crashed, "PRAGMA integrity_check"));
            Assert.Null(Scalar(crashed, "PRAGMA foreign_key_check"));
            SweepSummary? summary = await reopened.FindAsync(sweepId, None);
            if (summary is null)
                continue;
            Assert.True(summary.Completed >= most);
            most = summary.Completed;
            Assert.Equal(12, summary.Total);
            Assert.Equal(summary.Completed, (await reopened.TrialsAsync(sweepId, TrialState.Completed, 0, 99, None)).Count);
            Assert.Equal(summary.Queued, (await reopened.TrialsAsync(sweepId, TrialState.Queued, 0, 99, None)).Count);
            Assert.Equal((long)summary.Completed, Scalar(crashed, "SELECT COUNT(*) FROM results"));
        }

        Assert.Equal(10, most);
    }

    /// <summary>Cost in SQLite's virtual machine instructions, which no other load on the machine changes.</summary>
    [Fact]
    public async Task Operations_WhenManyTrialsAreFinishedOrQueued_CostTheSame()
    {
        await using SqliteStore store = SqliteStore.Open(FilePath, _clock, TimeSpan.FromSeconds(5), create: true);
        CoordinatorOptions options = new();
        await store.WriteAsync(false, work => Submission.SubmitAsync(work, Samples.Sweep("ring"), Samples.Trials(1100)), None);

        async Task<int> RoundAsync()
        {
            int instructions = 0;
            await store.WriteAsync(
                false,
                async work =>
                {
                    sqlite3 handle = ((SqliteConnection)work.Connection).Handle!;
                    raw.sqlite3_progress_handler(handle, 1, _ => ++instructions * 0, null);
                    Lease lease = Assert.Single(await Leasing.LeaseAsync(work, new LeaseRequest("a", 1), options));
                    LeaseProgress progress = new(lease.SweepId, lease.Trial.Id, lease.FencingToken, "train", 0.5, null);
                    Assert.Equal([HeartbeatAnswer.Renewed], await Leasing.HeartbeatAsync(work, "a", [progress], options));
                    if (lease.Trial.Seed % 5 == 0)
                        await Reports.FailAsync(work, lease, AttemptOutcome.Failed, "NaN", options with { RetryBudget = 0 });
                    else
                        await Reports.CompleteAsync(work, lease, Samples.Result(), options);
                    await store.ExecuteAsync(work.Connection, work.Transaction, work.Finish(), None);
                    raw.sqlite3_progress_handler(handle, 0, null, null);
                    return true;
                },
                None);
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

    private void Execute(string sql) => Scalar(FilePath, sql);
}
