using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Client.Running;

/// <summary>This process's part in an Orleans cluster. Disposing leaves it.</summary>
internal interface IOrleansNode : IAsyncDisposable
{
    ICoordinator Coordinator { get; }

    /// <summary>Where silos get each other's fits; null for who runs no trials.</summary>
    IFitExchange? Fits => null;

    /// <summary>An observer that tells the cluster of a silo's attempts and passes everything on, until the node is disposed. What doesn't run trials gives back the one it got.</summary>
    ISiloObserver Observe(ISiloObserver observer, string silo) => observer;

    /// <summary>How the sweep's comparisons stand by one metric, from its aggregator.</summary>
    /// <exception cref="StoreException">No silo answers.</exception>
    Task<LiveComparisons> CompareAsync(string sweepId, string metric, int most, CancellationToken cancellationToken);

    /// <summary>Where it is, for people.</summary>
    string Shown { get; }
}
