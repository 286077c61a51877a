using Orleans.Concurrency;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// One per trial: owns the attempt that runs, from its lease to the commit of its report: progress, live curve, the result until it is in the store. Lives on
/// the silo that runs the trial, so that none of it leaves the process but the report, and dies with it. Every silo that asks reaches the one on it: others
/// ask <see cref="ILiveTrialGrain"/>. Its key is the store's, the sweep's and the trial's, with slashes between. Methods that answer throw
/// <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>The silo that calls has the trial's lease. May be lost: what is said of the attempt then begins it.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("begin.1")]
    Task BeginAsync(WireAttempt attempt);

    /// <summary>
    /// How far the attempt is, or that its lease was renewed or taken away. May be lost, and may come out of order. Answers how much of the curves is known
    /// here, so that what was lost is told again.
    /// </summary>
    [AlwaysInterleave]
    [Alias("progress.2")]
    Task<WireSeen> ProgressAsync(WireLive live);

    /// <summary>
    /// The attempt has ended: passes the report to the sweep and answers when that has committed. A number of <see cref="Coordination.ReportAnswer"/>.
    /// </summary>
    [Alias("report.1")]
    Task<int> ReportAsync(WireReport report);

    /// <summary>
    /// The attempt has completed and its silo asks for more: as <see cref="ReportAsync"/>, and together with what other trials of the silo report meanwhile.
    /// Leases as many as wanted, or fewer or none where the dispatcher has something to decide, which is then to be asked.
    /// </summary>
    [Alias("complete.1")]
    Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next);

    /// <summary>
    /// Its state, attempts with their causes, and what is live of the one that runs. From memory while news of the attempt comes, else from the store.
    /// </summary>
    [AlwaysInterleave]
    [Alias("state.1")]
    Task<WireTrial> StateAsync();

    /// <summary>
    /// What of the running attempt hasn't been seen, and then what comes, until it ends. A slow reader gets the newest state, with every point of the curves,
    /// and holds nobody up. Ends at once where no attempt is known to run here. May end with <see cref="EnumerationAbortedException"/>: to be begun again with
    /// what was seen.
    /// </summary>
    [AlwaysInterleave]
    [Alias("follow.1")]
    IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default);
}
