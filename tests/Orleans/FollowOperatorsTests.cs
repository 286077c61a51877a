using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>Operators' commands write to the store beside the sweep's grain, which keeps the queue in memory: it is told.</summary>
public sealed class FollowOperatorsTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private OrleansTestStore _store = null!;

    public ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        _store = new OrleansTestStore(server, cluster);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Fact]
    public async Task Grain_WhenAnOperatorQueuesATrialAgain_HasItInItsPlaceThoughOthersWait()
    {
        var silo = (OrleansCoordinator)_store.Connect();
        string sweep = Samples.Sweep("ring").Id;
        await silo.SubmitAsync(Samples.Sweep("ring"), [new(Samples.Trial(0), 9), new(Samples.Trial(1), 1), new(Samples.Trial(2), 1)], None);
        silo.FollowOperators();
        Lease longest = Assert.Single(await silo.LeaseAsync(new LeaseRequest("a", 1), None));
        await silo.CompleteAsync(longest, Samples.Result(), None);
        Assert.Equal(Samples.Trial(1).Id, (await HeadAsync(sweep))[0]);

        // What is announced before a silo's listener stands is not heard, so it is done until it is.
        PostgresSweeps operators = _store.Sql();
        Assert.Equal(1, await operators.DiscardAsync(sweep, [longest.Trial.Id], None));
        for (int tries = 0; (await HeadAsync(sweep))[0] != longest.Trial.Id; tries++)
        {
            Assert.True(tries < 300, "the sweep's grain did not hear of the trial that was queued again within 30 s");
            await operators.ResumeAsync(sweep, None);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Equal((longest.Trial.Id, 2), (await silo.LeaseAsync(new LeaseRequest("a", 1), None)).Select(l => (l.Trial.Id, l.Attempt)).Single());
    }

    private async Task<string[]> HeadAsync(string sweep)
    {
        WireHead head = await cluster.Grains(0).GetGrain<ISweepGrain>(GrainKeys.Sweep(_store.Schema, sweep)).HeadAsync(new WireTake { Silo = 1, Most = 1, FailedSince = long.MaxValue });
        return [.. head.Candidates.Select(c => c.TrialId)];
    }
}
