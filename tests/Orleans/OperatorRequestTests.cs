using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>What operators ask is written to the store beside the grains, which carry it out: they are told, and look.</summary>
public sealed class OperatorRequestTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
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
        Lease longest = Assert.Single(await silo.LeaseAsync(new LeaseRequest("a", 1), None));
        await silo.CompleteAsync(longest, Samples.Result(), None);
        Assert.Equal(Samples.Trial(1).Id, (await HeadAsync(sweep))[0]);

        // Written before anybody listens, and after.
        SqlSweeps operators = _store.Open();
        OperatorRequest request = OperatorRequest.Discard(sweep, [longest.Trial.Id]);
        Assert.Null((await operators.RequestAsync(request, TimeSpan.Zero, None)).Done);
        silo.Follow();
        RequestRecord done = await operators.RequestAsync(request, TimeSpan.FromSeconds(30), None);
        Assert.Equal((1, 1), (done.Count, (await operators.RequestsAsync(sweep, 10, None)).Count));
        Assert.Equal(longest.Trial.Id, (await HeadAsync(sweep))[0]);
        Assert.Equal(1, await operators.CancelAsync(sweep, None, [longest.Trial.Id]));
        Assert.Equal(Samples.Trial(1).Id, (await HeadAsync(sweep))[0]);
        Assert.Equal(1, await operators.RetryAsync(sweep, null, None));

        Assert.Equal((longest.Trial.Id, 2), (await silo.LeaseAsync(new LeaseRequest("a", 1), None)).Select(l => (l.Trial.Id, l.Attempt)).Single());
        await silo.UnfollowAsync();
    }

    [Fact]
    public async Task LeaseAsync_WhenARequestWaitsThatNobodyWasToldOf_CarriesItOutFirst()
    {
        ICoordinator silo = _store.Connect();
        await silo.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(2), None);
        SqlSweeps operators = _store.Open();
        await operators.RequestAsync(OperatorRequest.Pause(Samples.Sweep("ring").Id), TimeSpan.Zero, None);
        Assert.Empty(await silo.LeaseAsync(new LeaseRequest("a", 1), None));
        await operators.RequestAsync(OperatorRequest.Resume(Samples.Sweep("ring").Id), TimeSpan.Zero, None);
        Assert.Single(await silo.LeaseAsync(new LeaseRequest("a", 1), None));
    }

    /// <summary>A client that reaches a silo finds no method by which it could change a sweep: whatever is added here is a call that somebody forged.</summary>
    [Fact]
    public void Grains_ForOperators_HaveNoMethods()
    {
        Assert.Equal(
            ["CatchUpAsync", "ChangedAsync", "HeadAsync", "HeartbeatAsync", "ReportAndTakeAsync", "ReportAsync", "RevokeAsync", "TakeAsync",
                "TellAggregatorAsync"],
            typeof(ISweepGrain).GetMethods().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["CatchUpAsync", "DeclaredDeadAsync", "LeaseAsync", "SeenAsync"],
            typeof(IDispatchGrain).GetMethods().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.All([typeof(ISweepGrain), typeof(IDispatchGrain)], grain => Assert.Empty(grain.GetMethod("CatchUpAsync")!.GetParameters()));
    }

    private async Task<string[]> HeadAsync(string sweep)
    {
        WireHead head = await cluster.Grains(0).GetGrain<ISweepGrain>(GrainKeys.Sweep(_store.Schema, sweep))
            .HeadAsync(new WireTake { Silo = 1, MaxTrials = 1, FailedSince = long.MaxValue });
        return [.. head.Candidates.Select(c => c.TrialId)];
    }
}
