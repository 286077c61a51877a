using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary>A sweep in an open store.</summary>
/// <param name="Store">The store, closed with this.</param>
/// <param name="Directory">An embedded run's folder; a cluster's sweep has its report there.</param>
/// <param name="Sweep">As it was when the store was opened.</param>
internal sealed record OpenSweep(RunStore Store, RunDirectory Directory, SweepSummary Sweep) : IAsyncDisposable
{
    public ISweepReader Reader => Store.Reader;

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
