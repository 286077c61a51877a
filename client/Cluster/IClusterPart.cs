using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Client.Cluster;

/// <summary>A worker's part in a cluster: as one of its silos, or as a client of one of them. Disposing leaves. Thread-safe.</summary>
internal interface IClusterPart : IAsyncDisposable
{
    /// <summary>Where it is, in words.</summary>
    string Shown { get; }

    /// <summary>Who runs what, as the cluster's grains decide.</summary>
    IWorkSource Work { get; }

    /// <summary>Where workers get each other's fits.</summary>
    IFitExchange Fits { get; }

    /// <summary>Why the cluster can't be reached now; null while it can.</summary>
    string? Absent { get; }

    /// <summary>The cluster's living silos as this process knows them, itself among them; 0 where it is none of them.</summary>
    int Living { get; }

    /// <summary>Called each time that it is back.</summary>
    Action? Rejoined { set; }

    /// <summary>An observer that tells the cluster of a worker's attempts and passes everything on, until this is disposed.</summary>
    ISiloObserver Observe(ISiloObserver observer, string silo);
}
