using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process's part in an engine.</summary>
internal sealed class EngineSilo(ICoordinator coordinator, ISiloObserver observer, Func<ValueTask> close) : IAsyncDisposable
{
    public ICoordinator Coordinator => coordinator;

    public ISiloObserver Observer => observer;

    public ValueTask DisposeAsync() => close();
}
