using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class WorkConformance
{
    [Fact]
    public async Task CompleteAndLease_WhenManyCompeteAndSomeReturnTrials_DoesEachTrialOnce()
    {
        // Returned trials go back to the front of the queue, which others have left behind.
        const int Count = 400;
        await Submit(Count);
        ICoordinator[] connections = [Coordinator, Store.Connect(), Store.Connect()];
        ConcurrentDictionary<long, int> done = [];

        Task Work(ICoordinator connection, string silo, int number) => Task.Run(async () =>
        {
            int calls = 0;
            LeaseRequest next = new(silo, 1 + (number % 3));
            IReadOnlyList<Lease> held = await connection.LeaseAsync(next, None);
            while (held.Count > 0)
            {
                if (++calls % 5 == number % 5)
                {
                    Assert.Equal(ReportAnswer.Accepted, await connection.ReleaseAsync(held[0], AttemptOutcome.Preempted, None));
                    held = [.. held.Skip(1)];
                }

                foreach (Lease lease in held)
                    done.AddOrUpdate(lease.Trial.Seed, 1, (_, n) => n + 1);
                CompletedAndLeased both = await connection.CompleteAndLeaseAsync(
                    [.. held.Select(lease => new FinishedTrial(lease, Samples.Result(lease.Trial.Seed)))], next, None);
                Assert.All(both.Answers, answer => Assert.Equal(ReportAnswer.Accepted, answer));
                held = both.Leases;
            }
        });
        do
        {
            await Task.WhenAll(connections.SelectMany((connection, i) => Enumerable.Range(0, 3).Select(j => Work(connection, $"silo-{i}-{j}", (3 * i) + j))))
                .WaitAsync(TimeSpan.FromSeconds(60));
        }
        while ((await Summary()).Queued > 0);

        Assert.Equal(Count, done.Count);
        Assert.All(done.Values, n => Assert.Equal(1, n));
        await AssertCounts(completed: Count);
        Assert.Equal(Count, (await Reader.SilosAsync(None)).Sum(silo => silo.Completed));
        await foreach (CompletedTrial trial in Reader.CompletedAsync(_sweep.Id, null, None))
            Assert.Equal(trial.Trial.Seed, trial.Result.Metrics["log_likelihood"].Value);
    }

    [Fact]
    public async Task LeaseAndComplete_WhenManyThreadsAndConnectionsCompete_DoesEachTrialOnce()
    {
        const int Count = 500;
        await Submit(Count);
        ICoordinator[] connections = [Coordinator, Store.Connect(), Store.Connect()];
        ConcurrentDictionary<long, int> done = [];

        Task Work(ICoordinator connection, string silo) => Task.Run(async () =>
        {
            int most = 1 + (silo[^1] % 3);
            while (await connection.LeaseAsync(new LeaseRequest(silo, most), None) is { Count: > 0 } leases)
            {
                foreach (Lease lease in leases)
                {
                    IReadOnlyList<HeartbeatAnswer> beat = await connection.HeartbeatAsync(
                        silo, [new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "train", 0.5, null)], None);
                    Assert.Equal([HeartbeatAnswer.Renewed], beat);
                    Assert.Equal(ReportAnswer.Accepted, await connection.CompleteAsync(lease, Samples.Result(lease.Trial.Seed), None));
                    done.AddOrUpdate(lease.Trial.Seed, 1, (_, n) => n + 1);
                    _ = await ((ISweepReader)connection).FindAsync(_sweep.Id, None);
                }
            }
        });
        await Task.WhenAll(connections.SelectMany((connection, i) => Enumerable.Range(0, 3).Select(j => Work(connection, $"silo-{i}-{j}"))))
            .WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Count, done.Count);
        Assert.All(done.Values, n => Assert.Equal(1, n));
        await AssertCounts(completed: Count);
        await foreach (CompletedTrial trial in Reader.CompletedAsync(_sweep.Id, null, None))
            Assert.Equal(trial.Trial.Seed, trial.Result.Metrics["log_likelihood"].Value);
        Assert.All(
            await Reader.TrialsAsync(_sweep.Id, null, 0, Count, None), trial => Assert.Equal(1, trial.Attempts));
    }
}
