using Orleans.Placement;
using Orleans.Runtime.Placement;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>See <see cref="ILiveTrialGrain"/>. Placed where it is first called from: by a trial's grain, as a rule.</summary>
[PreferLocalPlacement]
public sealed class LiveTrialGrain(ILocalSiloDetails host) : Grain, ILiveTrialGrain
{
    /// <summary>How long it stays where no trial's grain has called it: a question leaves no activation behind in the wrong place.</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromSeconds(2);

    private bool _here;

    private ITrialGrain Trial => GrainFactory.GetGrain<ITrialGrain>(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LeaveAsync, new GrainTimerCreationOptions { DueTime = AskedFor, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public Task<bool> HereAsync(SiloAddress silo)
    {
        _here = host.SiloAddress.Equals(silo);
        if (!_here)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            this.MigrateOnIdle();
        }

        return Task.FromResult(_here);
    }

    public Task GoneAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<WireTrial> StateAsync() => Trial.StateAsync();

    public IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default) => Trial.FollowAsync(seen, cancellationToken);

    private Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_here)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
