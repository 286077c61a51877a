using Orleans.GrainDirectory;
using Orleans.Placement;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// See <see cref="ITrialGrain"/>; what it does is <see cref="TrialShell"/>'s. On the silo that calls it, and known there alone
/// (<see cref="TrialDirectory"/>); of one that runs for longer <see cref="ILiveTrialGrain"/> tells everybody where it is. One report at a time; progress and
/// questions pass it while it waits for the commit.
/// </summary>
[PreferLocalPlacement]
[GrainDirectory(TrialDirectory.Name)]
public sealed class TrialGrain(StoreHub hub, ILocalSiloDetails host, TimeProvider time) : Grain, ITrialGrain
{
    private static readonly TimeSpan LookedAtFor = TimeSpan.FromSeconds(2);

    /// <summary>How long one that is elsewhere is given to leave, and how often.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromMilliseconds(50);

    private const int MaxTells = 5;

    private TrialShell _shell = null!;
    private Task<bool>? _told;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A query, or a stream that has ended, leaves no activation behind.
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

    public Task<WireSeen> ProgressAsync(WireLive live)
    {
        WireSeen known = _shell.Progress(live);
        if (_shell.IsLive && (_told is null || (_told.IsCompleted && !(_told.IsCompletedSuccessfully && _told.Result))))
            _told = TellAsync();
        else if (!_shell.IsLive)
            Leave();
        return Task.FromResult(known);
    }

    public IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default) => _shell.FollowAsync(seen, cancellationToken);

    public async Task<int> ReportAsync(WireReport report)
    {
        int answer = await _shell.ReportAsync(report);
        Leave();
        return answer;
    }

    public async Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next)
    {
        WireReported reported = await _shell.CompleteAsync(report, next);
        Leave();
        return reported;
    }

    public Task<WireTrial> StateAsync() => _shell.StateAsync();

    private ILiveTrialGrain Everybody => GrainFactory.GetGrain<ILiveTrialGrain>(this.GetPrimaryKeyString());

    /// <summary>Whoever asked before this grain had anything to say may have it on another silo.</summary>
    private async Task<bool> TellAsync()
    {
        for (int tries = 0; !await Everybody.HereAsync(host.SiloAddress); tries++)
        {
            if (tries == MaxTells)
                return false;
            await Task.Delay(LeavesWithin, time);
        }

        return true;
    }

    private void Leave()
    {
        if (_told is not null)
            Everybody.GoneAsync().Ignore();
        DeactivateOnIdle();
    }

    private Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_shell.IsLive)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
