using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>A trial's grain in a cluster of two silos, through leases and reports as workers make them.</summary>
public sealed class TrialGrainTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _sweepId = Samples.Sweep("ring").Id;
    private OrleansTestStore _stores = null!;
    private OrleansCoordinator _coordinator = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = new OrleansTestStore(server, cluster);
        _coordinator = (OrleansCoordinator)_stores.Connect();
        await _coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(2), None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
    }

    [Fact]
    public async Task StateAsync_WhileAnAttemptRuns_ShowsItsCurveAndItsCauses()
    {
        Lease first = await LeaseAsync("a");
        await _coordinator.FailAsync(first, new AttemptFailure(AttemptOutcome.Failed, "loss is NaN"), None);
        Lease second = await LeaseAsync("a", first.Trial.Id);
        await Grain(second, silo: 0).ProgressAsync(new WireLive
        {
            FencingToken = second.FencingToken, Silo = "a", Phase = "train", Fraction = 0.5, Loss = 0.25,
            Curves = new WireCurves { Steps = [20, 40], Losses = [0.5f, 0.25f] },
        });
        WireTrial state = await UntilAsync(Everybody(second, silo: 1).StateAsync, s => s.Losses.Length == 2);
        Assert.Equal((int)TrialStatus.Running, state.State);
        Assert.Equal([0.5f, 0.25f], state.Losses);
        Assert.Equal([(int)AttemptOutcome.Failed, (int)AttemptOutcome.Running], state.Attempts.Select(a => a.Outcome));
        Assert.Equal("loss is NaN", state.Attempts[0].Message);
        Assert.Equal(("train", 0.5), (state.Phase, state.Fraction));
    }

    [Fact]
    public async Task StateAsync_WhenTheTrialIsComplete_ReadsTheStore()
    {
        Lease lease = await LeaseAsync("a");
        Assert.Equal(ReportAnswer.Accepted, await _coordinator.CompleteAsync(lease, Samples.Result(), None));
        WireTrial state = await Grain(lease, silo: 1).StateAsync();
        Assert.Equal((int)TrialStatus.Completed, state.State);
        WireAttempt attempt = Assert.Single(state.Attempts);
        Assert.Equal(((int)AttemptOutcome.Completed, "a"), (attempt.Outcome, attempt.Silo));
        Assert.NotNull(attempt.Ended);

        // The same report again, to a grain that has forgotten it.
        Assert.Equal(ReportAnswer.Accepted, await _coordinator.CompleteAsync(lease, Samples.Result(), None));
    }

    [Fact]
    public async Task ReportAsync_WhenItWasHeardOf_CommitsAndForgets()
    {
        Lease lease = await LeaseAsync("a");
        ITrialGrain grain = Grain(lease, silo: 0);
        await grain.ProgressAsync(new WireLive { FencingToken = lease.FencingToken, Silo = "a", Phase = "train", Fraction = 0.5 });
        WireReport report = WireReport.Of(lease, AttemptOutcome.Completed, result: Samples.Result());
        Assert.Equal((int)ReportAnswer.Accepted, await grain.ReportAsync(report));
        Assert.Equal((int)TrialStatus.Completed, (await grain.StateAsync()).State);
        Assert.Equal((int)ReportAnswer.Stale, await grain.ReportAsync(report with { FencingToken = 7 }));
    }

    [Fact]
    public async Task Lease_WhenGiven_HasItsGrainOnTheSiloThatHasItAndNoLongerThanThat()
    {
        // The first connection is the first silo's.
        Lease lease = await LeaseAsync("a");
        await UntilAsync("the grain came to the silo", async () => await HasGrainAsync(0, lease));
        WireTrial state = await Everybody(lease, silo: 1).StateAsync();
        Assert.Equal(((int)TrialStatus.Running, "a", true), (state.State, Assert.Single(state.Attempts).Silo, state.Attempts[0].Started > 0));

        CompletedAndLeased both = await _coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 1), None);
        Assert.Equal([ReportAnswer.Accepted], both.Answers);
        Lease next = Assert.Single(both.Leases);
        await UntilAsync("the ended trial's grain left, and the next one's came", async () => !await HasGrainAsync(0, lease) && await HasGrainAsync(0, next));
    }

    [Fact]
    public async Task StateAsync_WhenSomebodyElsewhereAskedTooEarly_IsTheTrialsAllTheSame()
    {
        Lease lease = await LeaseAsync("a");
        Assert.Empty((await Everybody(lease, silo: 1).StateAsync()).Losses);
        await Grain(lease, silo: 0).ProgressAsync(Live(lease, 0, 1, 2));
        WireTrial state = await UntilAsync(Everybody(lease, silo: 1).StateAsync, s => s.Losses.Length == 2);
        Assert.Equal([1, 2], state.Steps);

        // The next attempt runs elsewhere, and is found there.
        await _coordinator.ReleaseAsync(lease, AttemptOutcome.Preempted, None);
        Lease next = await LeaseAsync("b", lease.Trial.Id);
        await Grain(next, silo: 1).ProgressAsync(Live(next, 0, 3));
        state = await UntilAsync(Everybody(next, silo: 0).StateAsync, s => s.Losses.Length == 1);
        Assert.Equal([3], state.Steps);
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenTheLeaseWasLost_IsRefusedAndChangesNothing()
    {
        Lease lease = await LeaseAsync("a");
        _stores.Advance(TimeSpan.FromSeconds(31));
        Lease again = await LeaseAsync("b", lease.Trial.Id);
        CompletedAndLeased both = await _coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 0), None);
        Assert.Equal([ReportAnswer.Stale], both.Answers);
        Assert.Equal(ReportAnswer.Accepted, await _coordinator.CompleteAsync(again, Samples.Result(), None));
    }

    [Fact]
    public async Task FollowAsync_WhileAnAttemptRuns_ComesAsItGoesOnAndEndsWithIt()
    {
        Lease lease = await LeaseAsync("a");
        ITrialGrain grain = Grain(lease, silo: 0);
        await grain.ProgressAsync(Live(lease, 0, 1));
        await using IAsyncEnumerator<WireNews> stream = Streams(1).TrialAsync(lease.SweepId, lease.Trial.Id, None).GetAsyncEnumerator(None);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal([1], stream.Current.Curves.Steps);

        // Nobody reads while a thousand updates come: they wait for nobody, and what is read then is the newest with every point.
        for (int point = 1; point < 1000; point++)
            Assert.Equal(point + 1, (await grain.ProgressAsync(Live(lease, point, point + 1))).Points);
        int seen = 1, reads = 0;
        while (seen < 1000)
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(seen, stream.Current.Curves.From);
            Assert.Equal(Enumerable.Range(seen + 1, stream.Current.Curves.Steps.Length), stream.Current.Curves.Steps);
            seen += stream.Current.Curves.Steps.Length;
            reads++;
        }

        Assert.InRange(reads, 1, 20);
        await _coordinator.CompleteAsync(lease, Samples.Result(), None);
        while (!stream.Current.IsLast)
            Assert.True(await stream.MoveNextAsync());
        Assert.Equal((int)TrialStatus.Completed, stream.Current.State);
        Assert.False(await stream.MoveNextAsync());
    }

    [Fact]
    public async Task FollowAsync_WhenTheGrainIsLostOnTheWay_GoesOnWithoutGapOrRepeat()
    {
        Lease lease = await LeaseAsync("a");
        ITrialGrain grain = Grain(lease, silo: 0);
        List<int> steps = [];
        List<float> scores = [];
        Task reading = Task.Run(async () =>
        {
            await foreach (WireNews news in Streams(1).TrialAsync(lease.SweepId, lease.Trial.Id, TestContext.Current.CancellationToken))
            {
                lock (steps)
                {
                    steps.AddRange(news.Curves.Steps);
                    scores.AddRange(news.Curves.Scores);
                }

                if (news.Curves.Steps.Length > 0 && news.Curves.Steps[^1] == 60)
                    break;
            }
        });
        int told = 0;
        for (int point = 1; point <= 60; point++)
        {
            // As a silo does: what the grain doesn't know is told again.
            WireSeen known = await grain.ProgressAsync(Live(lease, told, [.. Enumerable.Range(told + 1, point - told)]));
            told = known.Points;
            if (point % 20 == 10)
            {
                await UntilAsync("the reader follows", () => Task.FromResult(Count() >= Math.Min(told, point)));
                await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
            }
        }

        while (!reading.IsCompleted)
        {
            told = (await grain.ProgressAsync(Live(lease, told, [.. Enumerable.Range(told + 1, 60 - told)]))).Points;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 60), steps);
        Assert.Equal(steps.Select(s => -(float)s), scores);

        int Count()
        {
            lock (steps)
                return steps.Count;
        }
    }

    [Fact]
    public async Task FollowAsync_WhenNothingRuns_EndsAtOnceAndLeavesNoGrain()
    {
        Lease lease = await LeaseAsync("a");
        await _coordinator.ReleaseAsync(lease, AttemptOutcome.Preempted, None);
        List<WireNews> news = [];
        await foreach (WireNews one in Streams(1).TrialAsync(lease.SweepId, lease.Trial.Id, TestContext.Current.CancellationToken))
            news.Add(one);
        Assert.Equal(((int)TrialStatus.Queued, true), (Assert.Single(news).State, news[0].IsLast));
        await UntilAsync("nobody keeps the grain of a trial that waits", async () => !await HasGrainAsync(0, lease) && !await HasGrainAsync(1, lease));
    }

    [Fact]
    public async Task StateAsync_WhenAHeartbeatWasAnswered_ShowsHowFarItSaid()
    {
        Lease lease = await LeaseAsync("a");
        await _coordinator.HeartbeatAsync("a", [new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "fit", 0.125, null)], None);
        WireTrial state = await UntilAsync(Grain(lease, silo: 0).StateAsync, s => s.Phase is not null);
        Assert.Equal(("fit", 0.125), (state.Phase, state.Fraction));
    }

    [Fact]
    public async Task StateAsync_WhenThereIsNoSuchTrial_SaysSo()
    {
        ITrialGrain grain = cluster.Grains(0).GetGrain<ITrialGrain>(GrainKeys.Trial(_stores.Schema, _sweepId, "ffff"));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(grain.StateAsync);
        Assert.Equal(EngineFault.Argument, refused.Fault);
    }

    private static WireLive Live(Lease lease, int from, params int[] steps) => new()
    {
        FencingToken = lease.FencingToken, Silo = "a", Phase = "train", Fraction = 0.5,
        Curves = new WireCurves
        {
            From = from, Steps = steps, Losses = [.. steps.Select(s => 1f / s)], ScoresFrom = from, Scores = [.. steps.Select(s => -(float)s)],
        },
    };

    private LiveStreams Streams(int silo) => new(() => cluster.Grains(silo), _stores.Schema, TimeProvider.System);

    private async Task<bool> HasGrainAsync(int silo, Lease lease)
    {
        SiloAddress address = cluster.Services(silo).GetRequiredService<ILocalSiloDetails>().SiloAddress;
        DetailedGrainStatistic[] there = await cluster.Grains(0).GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, [address]);
        return there.Any(g => g.GrainId == Grain(lease, 0).GetGrainId());
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (int tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 1000, $"waited 20 s for: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private ITrialGrain Grain(Lease lease, int silo) =>
        cluster.Grains(silo).GetGrain<ITrialGrain>(GrainKeys.Trial(_stores.Schema, lease.SweepId, lease.Trial.Id));

    private ILiveTrialGrain Everybody(Lease lease, int silo) =>
        cluster.Grains(silo).GetGrain<ILiveTrialGrain>(GrainKeys.Trial(_stores.Schema, lease.SweepId, lease.Trial.Id));

    private async Task<Lease> LeaseAsync(string silo, string? trialId = null)
    {
        IReadOnlyList<Lease> leases = await _coordinator.LeaseAsync(new LeaseRequest(silo, 2), None);
        Lease wanted = trialId is null ? leases[0] : leases.Single(l => l.Trial.Id == trialId);
        foreach (Lease other in leases.Where(l => l != wanted))
            await _coordinator.ReleaseAsync(other, AttemptOutcome.Preempted, None);
        return wanted;
    }

    /// <summary>What is told one-way arrives in a moment.</summary>
    private static async Task<WireTrial> UntilAsync(Func<Task<WireTrial>> ask, Func<WireTrial, bool> holds)
    {
        for (int tries = 0; ; tries++)
        {
            WireTrial state = await ask();
            if (holds(state))
                return state;
            Assert.True(tries < 500, "what was told one-way did not arrive within 10 s");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
