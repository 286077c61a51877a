using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans;

/// <summary>
/// A cluster's store as a worker sees it: directly, or through a silo. Reads, but for when the worker was seen; decides nothing. Thread-safe. Every method
/// throws <see cref="StoreException"/> when it cannot be reached.
/// </summary>
public interface IWorkerStore : IWorkerReader
{
    /// <summary>How long leases stand.</summary>
    TimeSpan LeaseDuration { get; }

    /// <summary>How often work was announced, as far as is known here.</summary>
    long Signals { get; }

    /// <summary>Returns when work has been announced since <see cref="Signals"/> was that, at the latest after <paramref name="atMost"/>.</summary>
    Task WaitAsync(long since, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>See <see cref="IWorkSource.MayComeAsync"/>.</summary>
    Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>A worker without trials lives.</summary>
    Task SeenAsync(string silo, CancellationToken cancellationToken);

    /// <summary>A trial, made again from its sweep's spec where its own row can't be read.</summary>
    Task<TrialSpec> TrialAsync(string sweepId, string trialId, CancellationToken cancellationToken);
}
