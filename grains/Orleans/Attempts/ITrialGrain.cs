using Orleans.Concurrency;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// One per trial: what is known of it while it runs, and the way of its reports. Lives on the silo that runs the trial, from its first progress (after a second;
/// shorter trials have none) to its report, so that progress never leaves the process. Its key is the store's, the sweep's and the trial's, with slashes between.
/// Methods that answer throw <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>How far the attempt is, or that its lease was renewed or taken away. May be lost, and may come out of order.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("progress.1")]
    Task ProgressAsync(WireLive live);

    /// <summary>The attempt has ended: passes the report to the sweep and answers when that has committed. A number of <see cref="Coordination.ReportAnswer"/>.</summary>
    [Alias("report.1")]
    Task<int> ReportAsync(WireReport report);

    /// <summary>The attempt has ended and its report was accepted, which comes without its result. May be lost: what is not heard of for a while is asked of the store.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("ended.1")]
    Task EndedAsync(WireReport report);

    /// <summary>Its state, attempts with their causes, and what is live of the one that runs. From memory while the attempt is heard of, else from the store.</summary>
    [AlwaysInterleave]
    [Alias("state.1")]
    Task<WireTrial> StateAsync();
}
