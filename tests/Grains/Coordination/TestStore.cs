using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>One empty store, and ways in: what a conformance suite needs of an engine.</summary>
internal abstract class TestStore : IAsyncDisposable
{
    /// <summary>A new connection to the store: a coordinator that is also its reader.</summary>
    public abstract ICoordinator Connect(CoordinatorOptions? options = null);

    /// <summary>Moves the store's clock.</summary>
    public abstract void Advance(TimeSpan by);

    /// <summary>The store's clock.</summary>
    public abstract DateTimeOffset Now { get; }

    public abstract ValueTask DisposeAsync();
}
