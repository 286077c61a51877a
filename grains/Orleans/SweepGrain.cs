using Orleans.Concurrency;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>
/// See <see cref="ISweepGrain"/>; what it does is <see cref="SweepShell"/>'s. Reentrant: if each call were a turn to its end, no two could share a
/// transaction. All of it runs on the activation's scheduler, one piece at a time.
/// </summary>
[Reentrant]
public sealed class SweepGrain(StoreHub hub, TimeProvider time, ILocalSiloDetails silo) : Grain, ISweepGrain
{
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromSeconds(2);

    private SweepShell _shell = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (string storeKey, string sweepId) = GrainKeys.Split(this.GetPrimaryKeyString());
        (SqlStore store, CoordinatorOptions options) = hub.Get(storeKey);
        _shell = new SweepShell(
            sweepId, store, options, silo.Name, id => GrainFactory.GetGrain<ISweepGrain>(GrainKeys.Sweep(storeKey, id)),
            finished => GrainFactory.GetGrain<IAggregatorGrain>(this.GetPrimaryKeyString()).CompletedAsync(finished).Ignore(), time);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await _shell.LeaveAsync().WaitAsync(LeavesWithin, time, cancellationToken);
        }
        catch (Exception e) when (e is EngineException or TimeoutException or OperationCanceledException)
        {
            // They are forgotten: their attempts are run again.
        }
    }

    public Task<WireHead> HeadAsync(WireTake wanted) => _shell.HeadAsync(wanted);

    public Task<WireLease[]> TakeAsync(WireTake wanted) => _shell.TakeAsync(wanted);

    public Task CatchUpAsync() => _shell.CatchUpAsync();

    public Task RevokeAsync(long[] silos) => _shell.RevokeAsync(silos);

    public Task<int[]> HeartbeatAsync(string silo, WireProgress[] progress) => _shell.HeartbeatAsync(silo, progress);

    public Task<int> ReportAsync(WireReport report) => _shell.ReportAsync(report);

    public Task<WireReported> ReportAndTakeAsync(WireReport[] reports, WireLeaseRequest next) => _shell.ReportAndTakeAsync(reports, next);

    public Task ChangedAsync()
    {
        _shell.Changed();
        return Task.CompletedTask;
    }

    public Task TellAggregatorAsync()
    {
        _shell.TellAggregator();
        return Task.CompletedTask;
    }
}
