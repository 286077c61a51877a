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

    /// <summary>A silo without trials lives.</summary>
    /// <exception cref="EngineException">The store can't be reached.</exception>
    [Alias("seen.1")]
    Task SeenAsync(string silo);

    /// <summary>The cluster has declared silos dead: the leases they have in the store run out now, in every sweep. May be said any number of times.</summary>
    /// <param name="dead">Names of members all of whose silos are dead.</param>
    /// <param name="living">Names of the others.</param>
    /// <exception cref="EngineException">Not in every sweep: to be said again.</exception>
    [Alias("declared-dead.1")]
    Task DeclaredDeadAsync(string[] dead, string[] living);

    /// <summary>Sees to it that what operators asked for is carried out: of silos here, of sweeps by their grains. Returns when it is.</summary>
    /// <exception cref="EngineException">The store or a sweep's grain can't be reached: what waits there still waits.</exception>
    [Alias("catch-up.1")]
    Task CatchUpAsync();
}
