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
        ITrialGrain grain = Grain(second, silo: 1);
        await grain.ProgressAsync(new WireLive
        {
            FencingToken = second.FencingToken, Silo = "a", Phase = "train", Fraction = 0.5, Loss = 0.25, Steps = [20, 40], Losses = [0.5f, 0.25f],
        });
        WireTrial state = await UntilAsync(grain, s => s.Losses.Length == 2);
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
    public async Task StateAsync_WhenAHeartbeatWasAnswered_ShowsHowFarItSaid()
    {
        Lease lease = await LeaseAsync("a");
        await _coordinator.HeartbeatAsync("a", [new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "fit", 0.125, null)], None);
        WireTrial state = await UntilAsync(Grain(lease, silo: 0), s => s.Phase is not null);
        Assert.Equal(("fit", 0.125), (state.Phase, state.Fraction));
    }

    [Fact]
    public async Task StateAsync_WhenThereIsNoSuchTrial_SaysSo()
    {
        ITrialGrain grain = cluster.Grains(0).GetGrain<ITrialGrain>(GrainKeys.Trial(_stores.Schema, _sweepId, "ffff"));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(grain.StateAsync);
        Assert.Equal(EngineFault.Argument, refused.Fault);
    }

    private ITrialGrain Grain(Lease lease, int silo) => cluster.Grains(silo).GetGrain<ITrialGrain>(GrainKeys.Trial(_stores.Schema, lease.SweepId, lease.Trial.Id));

    private async Task<Lease> LeaseAsync(string silo, string? trialId = null)
    {
        IReadOnlyList<Lease> leases = await _coordinator.LeaseAsync(new LeaseRequest(silo, 2), None);
        Lease wanted = trialId is null ? leases[0] : leases.Single(l => l.Trial.Id == trialId);
        foreach (Lease other in leases.Where(l => l != wanted))
            await _coordinator.ReleaseAsync(other, AttemptOutcome.Preempted, None);
        return wanted;
    }

    /// <summary>What is told one-way arrives in a moment.</summary>
    private static async Task<WireTrial> UntilAsync(ITrialGrain grain, Func<WireTrial, bool> holds)
    {
        for (int tries = 0; ; tries++)
        {
            WireTrial state = await grain.StateAsync();
            if (holds(state))
                return state;
            Assert.True(tries < 500, "what was told one-way did not arrive within 10 s");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
