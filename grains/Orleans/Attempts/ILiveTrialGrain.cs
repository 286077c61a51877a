using Orleans.Concurrency;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// Where anybody in the cluster finds a trial whose attempt has run for some moments, which is on its silo, next to its <see cref="ITrialGrain"/>: everything
/// is passed on to that. Keyed as that is. Methods that answer throw <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.ILiveTrialGrain")]
public interface ILiveTrialGrain : IGrainWithStringKey
{
    /// <summary>
    /// The trial's own grain is on this silo, and calls. False where this one is on another: it moves there.
    /// </summary>
    [AlwaysInterleave]
    [Alias("here.1")]
    Task<bool> HereAsync(SiloAddress silo);

    /// <summary>The attempt has ended, and another may run elsewhere.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("gone.1")]
    Task GoneAsync();

    /// <inheritdoc cref="ITrialGrain.StateAsync"/>
    [AlwaysInterleave]
    [Alias("state.1")]
    Task<WireTrial> StateAsync();

    /// <inheritdoc cref="ITrialGrain.FollowAsync"/>
    [AlwaysInterleave]
    [Alias("follow.1")]
    IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default);
}
