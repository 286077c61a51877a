using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans;

/// <summary>
/// A cluster's store as a worker sees it: directly, or through a silo. Reads, and decides nothing. Thread-safe. Every method
/// throws <see cref="StoreException"/> when it cannot be reached.
/// </summary>
public interface IWorkerStore : IWorkerReader
{
    /// <summary>How long leases stand.</summary>
    TimeSpan LeaseDuration { get; }

    /// <summary>See <see cref="IWorkSource.MayComeAsync"/>.</summary>
    Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>A trial, made again from its sweep's spec where its own row can't be read.</summary>
    Task<TrialSpec> TrialAsync(string sweepId, string trialId, CancellationToken cancellationToken);
}
