using Orleans.GrainDirectory;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// Where trials' grains are, as far as this silo's are concerned: whoever calls one has the trial, so its grain is here or nowhere. Being entered into the
/// directory of the whole cluster and struck off again are two calls to other silos, more than all else that a trial of some milliseconds costs. Others find a
/// trial that runs for longer through <see cref="ILiveTrialGrain"/>. Thread-safe.
/// </summary>
public sealed class TrialDirectory : IGrainDirectory
{
    /// <summary>What grains name it by.</summary>
    public const string Name = "trials";

    private readonly Dictionary<GrainId, GrainAddress> _here = [];
    private readonly Lock _lock = new();

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_lock)
        {
            if (_here.TryGetValue(address.GrainId, out GrainAddress? there) && there.ActivationId != previousAddress?.ActivationId)
                return Task.FromResult<GrainAddress?>(there);
            _here[address.GrainId] = address;
            return Task.FromResult<GrainAddress?>(address);
        }
    }

    public Task Unregister(GrainAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_lock)
        {
            if (_here.TryGetValue(address.GrainId, out GrainAddress? there) && there.ActivationId == address.ActivationId)
                _here.Remove(address.GrainId);
        }

        return Task.CompletedTask;
    }

    public Task<GrainAddress?> Lookup(GrainId grainId)
    {
        lock (_lock)
            return Task.FromResult(_here.GetValueOrDefault(grainId));
    }

    /// <summary>They had their own.</summary>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
