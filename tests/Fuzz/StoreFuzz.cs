using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>A bit of a store's file that changed by itself: every result that is still given is the one that was stored.</summary>
public sealed class StoreFuzz(ITestOutputHelper output)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WhateverBitIsFlipped_GivesNoOtherNumbers()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "sweep.db"), flipped = Path.Combine(scratch.Path, "flipped.db");
        string sweep;
        await using (SqliteCoordinator store = SqliteCoordinator.Open(path, TimeProvider.System))
        {
            sweep = (await store.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(6), None)).SweepId;
            foreach (Lease lease in await store.LeaseAsync(new LeaseRequest("a", 6), None))
                await store.CompleteAsync(lease, Samples.Result(-lease.Trial.Seed), None);
        }

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

    private static async Task ReadAsync(string path, byte[] bytes, string sweep)
    {
        foreach (string old in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
            File.Delete(old);
        await File.WriteAllBytesAsync(path, bytes, None);
        try
        {
            await using SqliteCoordinator store = SqliteCoordinator.Open(path, TimeProvider.System, create: false);
            await foreach (CompletedTrial trial in store.CompletedAsync(sweep, _ => { }, None))
            {
                TrialResult expected = Samples.Result(-trial.Trial.Seed);
                Assert.Equal(Samples.Trial((int)trial.Trial.Seed).Id, trial.Trial.Id);
                Assert.Equal(expected.Metrics, trial.Result.Metrics);
                Assert.Equal(expected.Notes, trial.Result.Notes);
                foreach ((string name, float[] curve) in expected.Curves)
                    Assert.Equal(curve.Select(BitConverter.SingleToUInt32Bits), trial.Result.Curves[name].Select(BitConverter.SingleToUInt32Bits));
            }

            await store.ListAsync(None);
            await store.SilosAsync(None);
            await store.TrialsAsync(sweep, null, 0, 9, None);
        }
        catch (StoreException)
        {
            // It is said that the store is damaged.
        }
        catch (ArgumentException e) when (e.Message.StartsWith("no such sweep", StringComparison.Ordinal))
        {
            // Its id is no longer the sweep's.
        }
    }
}
