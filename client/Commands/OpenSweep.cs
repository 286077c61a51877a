using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary>A sweep in an open store.</summary>
/// <param name="Store">The store, disposed of with this.</param>
/// <param name="Directory">An embedded run's folder; for a cluster's sweep, the folder of its report.</param>
/// <param name="Sweep">The sweep when the store was opened.</param>
internal sealed record OpenSweep(RunStore Store, RunDirectory Directory, SweepSummary Sweep) : IAsyncDisposable
{
    public ISweepReader Reader => Store.Reader;

    /// <summary>Whether trials are left in a folder's store, and no process works on them. Of a cluster its silos' leases say that.</summary>
    public bool IsAbandoned(SweepSummary now) => !Store.IsCluster && Directory.IsAbandoned(now);

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
