using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Grains.Storage;

/// <summary>One empty store, and ways in: what a conformance suite needs of an engine.</summary>
internal abstract class TestStore : IAsyncDisposable
{
    /// <summary>A new connection to the store: a coordinator that is also its reader.</summary>
    public abstract ICoordinator Connect(CoordinatorOptions? options = null);

    /// <summary>A new connection to the store without the grains, as commands open it.</summary>
    public abstract SqlSweeps Open(CoordinatorOptions? options = null);

    /// <summary>Moves the store's clock.</summary>
    public abstract void Advance(TimeSpan by);

    /// <summary>The store's clock.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Changes a row behind the store's back, as a flipped bit or tampering does.</summary>
    public abstract Task ForgeAsync(Forgery forgery, string trialId);

    public abstract ValueTask DisposeAsync();
}
