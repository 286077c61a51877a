using Orleans.Placement;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// See <see cref="ITrialGrain"/>; what it does is <see cref="TrialShell"/>'s. Placed where it is first called from, which is the silo that has the lease. One
/// report at a time; progress and questions pass it while it waits for the commit.
/// </summary>
[PreferLocalPlacement]
public sealed class TrialGrain(StoreHub hub, TimeProvider time) : Grain, ITrialGrain
{
    private static readonly TimeSpan LookedAtFor = TimeSpan.FromSeconds(2);

    private TrialShell _shell = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A query, or a stream that has ended, leaves no activation behind: the next holder of the lease should have the grain on its own silo.
        this.RegisterGrainTimer(LeaveAsync, new GrainTimerCreationOptions { DueTime = LookedAtFor, Period = Timeout.InfiniteTimeSpan });
        (string storeKey, string of) = GrainKeys.Split(this.GetPrimaryKeyString());
        (string sweepId, string trialId) = GrainKeys.Split(of);
        string sweepKey = GrainKeys.Sweep(storeKey, sweepId);
        _shell = new TrialShell(
            sweepId, trialId, hub.Coordinator(storeKey), GrainFactory.GetGrain<ISweepGrain>(sweepKey), sweepKey, hub.Reports, time);
        return Task.CompletedTask;
    }

    public Task BeginAsync(WireAttempt attempt)
    {
        _shell.Begin(attempt);
        return Task.CompletedTask;
    }

    public Task<WireSeen> ProgressAsync(WireLive live) => Task.FromResult(_shell.Progress(live));

    public IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default) => _shell.FollowAsync(seen, cancellationToken);

    public async Task<int> ReportAsync(WireReport report)
    {
        int answer = await _shell.ReportAsync(report);
        DeactivateOnIdle();
        return answer;
    }

    public async Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next)
    {
        WireReported reported = await _shell.CompleteAsync(report, next);
        DeactivateOnIdle();
        return reported;
    }

    public Task<WireTrial> StateAsync() => _shell.StateAsync();

    private Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_shell.IsLive)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
