using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.News;

/// <summary>
/// One per store: listens for the whole cluster, so that silos without a sweep's grain keep no connection to the database. It tells the grains of what
/// operators ask for and of sweeps that were changed beside them, and whoever waits that there may be work. Its key is the store's.
/// </summary>
[Alias("sweep.INewsGrain")]
public interface INewsGrain : IGrainWithStringKey
{
    /// <summary>Returns when something was announced since somebody was told this, or when the time is up: how much was by then.</summary>
    /// <param name="since">Null: at once.</param>
    /// <param name="atMost">Less than a call may take.</param>
    /// <exception cref="EngineException">This silo serves another store.</exception>
    [Alias("wait.1")]
    Task<WireAnnounced> WaitAsync(WireAnnounced? since, TimeSpan atMost);
}
