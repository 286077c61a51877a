using Orleans.Concurrency;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>See <see cref="IDispatchGrain"/>; what it does is <see cref="DispatchShell"/>'s. Reentrant, as <see cref="SweepGrain"/> is.</summary>
[Reentrant]
public sealed class DispatchGrain(StoreHub hub, TimeProvider time) : Grain, IDispatchGrain
{
    private DispatchShell _shell = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string storeKey = this.GetPrimaryKeyString();
        (SqlStore store, CoordinatorOptions options) = hub.Get(storeKey);
        _shell = new DispatchShell(store, options, id => GrainFactory.GetGrain<ISweepGrain>(GrainKeys.Sweep(storeKey, id)), time);
        return Task.CompletedTask;
    }

    public Task<WireLease[]> LeaseAsync(WireLeaseRequest request) => _shell.LeaseAsync(request);

    public Task SeenAsync(string silo) => _shell.SeenAsync(silo);

    public Task DeclaredDeadAsync(string[] dead, string[] living) => _shell.DeclaredDeadAsync(dead, living);

    public Task CatchUpAsync() => _shell.CatchUpAsync();
}
