using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>
/// One per store: gives silos their leases, over all sweeps. Knows the silos (by the store), the order between sweeps, and nothing of trials.
/// Its key is the store's.
/// </summary>
[Alias("sweep.IDispatchGrain")]
public interface IDispatchGrain : IGrainWithStringKey
{
    /// <exception cref="EngineException">The store can't be reached.</exception>
    [Alias("lease.1")]
    Task<WireLease[]> LeaseAsync(WireLeaseRequest request);
}
