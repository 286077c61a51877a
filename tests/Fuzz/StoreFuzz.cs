using Sweep.Grains.Orleans;
using Sweep.Tests.Grains.Storage;
using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>
/// A store whose file changed by itself, or by tampering: every result that is still given is the one that was stored, and nothing else is wrong but what
/// is said.
/// </summary>
public sealed class StoreFuzz(ITestOutputHelper output)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    /// <summary>What tampering can write to, by table; of these without a row's number all rows of a trial are written.</summary>
    private static readonly (string Table, string Where, string[] Columns)[] Tables =
    [
        ("sweeps", "rowid = $row", ["id", "name", "resolved", "source", "digest", "paused", "submitted", "total", "cost_total", "trace"]),
        ("sweep_counts", "sweep = 1", ["queued", "running", "completed", "failed", "cancelled", "cost_completed"]),
        ("silos", "rowid = 1", ["id", "first_seen", "last_seen", "completed", "failed", "quarantined", "reason", "artifacts", "devices", "slots", "offers"]),
        ("trials", "rowid = $row", ["ordinal", "id", "cost", "needs", "state", "attempts", "failures", "memory_failures", "losses", "cancelling", "message",
            "digest", "spec"]),
        ("trials", "rowid = $row", ["silo", "expires", "phase", "fraction", "loss", "failed_on", "failed_at"]),
        ("attempts", "trial = $row", ["attempt", "silo", "outcome", "charged", "started", "ended", "message"]),
        ("results", "rowid = $row", ["trial", "attempt", "device", "notes", "digest"]),
        ("metrics", "trial = $row", ["trial", "name", "value", "truth_level", "reason"]),
        ("curves", "trial = $row", ["trial", "name", "points"]),
    ];

    private static readonly object[] Values =
    [
        DBNull.Value, "", "x", "\0", "\ud83d\ude00", "[]", "[null]", "{}", "{\"seed\": 1e999}", "1", 0L, 1L, -1L, 2L, 7L, long.MaxValue, long.MinValue, 0.5,
            -0.0, 1e308, -1e308, double.PositiveInfinity,
        Array.Empty<byte>(), new byte[32], new byte[33], new byte[64],
    ];

    [Fact]
    public async Task Read_WhateverARowHolds_GivesNoOtherNumbers()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "sweep.db"), forged = Path.Combine(scratch.Path, "forged.db");
        string sweep = await FillAsync(path);
        Fuzzer.Run(
            "store rows", output, [[]],
            input =>
            {
                File.Copy(path, forged, overwrite: true);
                if (Forge(forged, input))
                    ReadAsync(forged, File.ReadAllBytes(forged), sweep).GetAwaiter().GetResult();
            },
            (random, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
    }

    /// <summary>False where SQLite itself refuses it.</summary>
    private static bool Forge(string path, byte[] input)
    {
        (string table, string where, string[] columns) = Tables[input[0] % Tables.Length];
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            $"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA journal_mode = DELETE; UPDATE {table} SET "
                + $"{columns[input[1] % columns.Length]} = $value WHERE {where}";
        command.Parameters.AddWithValue("$value", Values[input[2] % Values.Length]);
        command.Parameters.AddWithValue("$row", 1 + (input[3] % 6));
        try
        {
            return command.ExecuteNonQuery() >= 0;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Read_WhateverBitIsFlipped_GivesNoOtherNumbers()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "sweep.db"), flipped = Path.Combine(scratch.Path, "flipped.db");
        string sweep = await FillAsync(path);
        Fuzzer.Run(
            "store", output, [await File.ReadAllBytesAsync(path, None)],
            bytes => ReadAsync(flipped, bytes, sweep).GetAwaiter().GetResult(),
            (random, samples) =>
            {
                byte[] bytes = [.. samples[0]];
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            });
    }

    private static async Task<string> FillAsync(string path)
    {
        await using OrleansCoordinator store = EmbeddedSilo.Serve(SqliteSweeps.Open(path, TimeProvider.System));
        string sweep = (await store.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(6), None)).SweepId;
        foreach (Lease lease in await store.LeaseAsync(new LeaseRequest("a", 6), None))
            await store.CompleteAsync(lease, Samples.Result(-lease.Trial.Seed), None);
        return sweep;
    }

    private static async Task ReadAsync(string path, byte[] bytes, string sweep)
    {
        foreach (string old in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
            File.Delete(old);
        await File.WriteAllBytesAsync(path, bytes, None);
        await SaidAsync(async () =>
        {
            await using SqliteSweeps store = SqliteSweeps.Open(path, TimeProvider.System, create: false);
            await SaidAsync(() => CheckAsync(store, sweep));
            await SaidAsync(async () => await store.ListAsync(None));
            await SaidAsync(async () => await store.SilosAsync(None));
            await SaidAsync(async () => await store.TrialsAsync(sweep, null, 0, 9, None));
            await SaidAsync(async () => await store.SpecAsync(sweep, None));
            for (int i = 0; i < 6; i++)
                await SaidAsync(async () => await store.TrialAsync(sweep, Samples.Trial(i).Id, None));
            await SaidAsync(async () => await store.MeansAsync(sweep, 2, ["log_likelihood", "log_likelihood_gap"], None));
            await SaidAsync(async () => await store.PointsAsync(sweep, ["log_likelihood"], 100, None));
            await SaidAsync(async () => await store.GroupsAsync(sweep, 2, None));
            await SaidAsync(async () => await store.MetricNamesAsync(sweep, None));
            await SaidAsync(async () => await store.TroubledAsync(sweep, 9, None));
            await SaidAsync(async () => await store.CompletionTimesAsync(sweep, None));
            await SaidAsync(async () => await store.PaceAsync(None));
            await SaidAsync(async () => await store.RunningAsync(9, None));
            await SaidAsync(async () => await store.RetryAsync(sweep, null, None));
            await SaidAsync(async () => await EmbeddedSilo.Serve(store).LeaseAsync(new LeaseRequest("b", 6), None));
        });
    }

    private static async Task CheckAsync(SqliteSweeps store, string sweep)
    {
        await foreach (CompletedTrial trial in store.CompletedAsync(sweep, _ => { }, None))
        {
            TrialResult expected = Samples.Result(-trial.Trial.Seed);
            Assert.Equal(Samples.Trial((int)trial.Trial.Seed).Id, trial.Trial.Id);
            Assert.Equal(expected.Metrics, trial.Result.Metrics);
            Assert.Equal(expected.Notes, trial.Result.Notes);
            foreach ((string name, float[] curve) in expected.Curves)
                Assert.Equal(curve.Select(BitConverter.SingleToUInt32Bits), trial.Result.Curves[name].Select(BitConverter.SingleToUInt32Bits));
        }
    }

    private static async Task SaidAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (StoreException)
        {
            // It is said that the store is damaged.
        }
        catch (ArgumentException e) when (e.Message.StartsWith("no such sweep", StringComparison.Ordinal)
            || e.Message.StartsWith("no such trial", StringComparison.Ordinal))
        {
            // Its id is no longer the sweep's.
        }
    }
}
