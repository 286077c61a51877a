using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>
/// One per sweep: its queue and its running trials, and the only one that writes them. Answers when the store has committed. What arrives while a
/// transaction is under way goes into the next one together. Its key is the store's, a slash, and the sweep's id.
/// An operator's request is not a call but a row in the store, written with the operator's own rights, which the grain carries out.
/// Every method throws <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>The head of the queue; changes nothing.</summary>
    [Alias("head.1")]
    Task<WireHead> HeadAsync(WireTake wanted);

    /// <summary>Leases; what has gone meanwhile is left out.</summary>
    [Alias("take.1")]
    Task<WireLease[]> TakeAsync(WireTake wanted);

    /// <summary>Carries out what operators asked for, and ends the attempts whose lease has expired.</summary>
    [Alias("catch-up.1")]
    Task CatchUpAsync();

    /// <summary>The cluster has declared silos dead: their leases run out now.</summary>
    /// <param name="silos">Their numbers in the store.</param>
    [Alias("revoke.1")]
    Task RevokeAsync(long[] silos);

    /// <summary>One number of <see cref="Coordination.HeartbeatAnswer"/> per entry.</summary>
    [Alias("heartbeat.1")]
    Task<int[]> HeartbeatAsync(string silo, WireProgress[] progress);

    /// <summary>A number of <see cref="Coordination.ReportAnswer"/>.</summary>
    [Alias("report.1")]
    Task<int> ReportAsync(WireReport report);

    /// <summary>
    /// Commits results of one silo and leases to it again, in one transaction: as many as wanted, or fewer or none where the dispatcher has something to
    /// decide, which is then to be asked.
    /// </summary>
    /// <param name="reports">Of completed attempts.</param>
    [Alias("report-and-take.1")]
    Task<WireReported> ReportAndTakeAsync(WireReport[] reports, WireLeaseRequest next);

    /// <summary>Somebody else has changed the sweep in the store: look again before the next answer. Waits for nothing.</summary>
    [Alias("changed.1")]
    Task ChangedAsync();

    /// <summary>Tell the sweep's <see cref="Aggregation.IAggregatorGrain"/> of what completes, for a while.</summary>
    [Alias("tell-aggregator.1")]
    Task TellAggregatorAsync();
}
