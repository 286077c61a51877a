namespace Sweep.Grains.Coordination;

/// <summary>
/// Decides who runs what. Thread-safe; any number of silos, in any number of processes where the engine allows it, call it at once.
/// <list type="bullet">
/// <item>Submitting is idempotent: the same spec adds nothing. A spec under the same name that has all of its trials extends the sweep: those that are new
/// are queued. One that takes a trial away, or compares otherwise, throws <see cref="SpecChangedException"/>.</item>
/// <item>A lease stands for the lease duration by the store's clock unless renewed by a heartbeat, or until its silo is declared dead. An expired lease goes
/// back to the queue (its
/// attempt ends as <see cref="AttemptOutcome.Lost"/>) before the next lease is given; until then its holder may still renew it, or report. Reports with a
/// stale token answer
/// <see cref="ReportAnswer.Stale"/> and change nothing.</item>
/// <item>A trial is complete when <see cref="IWorkSource.CompleteAsync"/> has committed its result; never before, and never twice.</item>
/// <item>Reporting the same outcome of the same lease again (a reply was lost) answers <see cref="ReportAnswer.Accepted"/> and changes nothing.</item>
/// <item>Only <see cref="AttemptOutcome.Failed"/> spends the retry budget; a failure that must repeat (<see cref="AttemptFailure.MustRepeat"/>) all of it.
/// Running out of memory and losing the silo are bounded apart (<see cref="CoordinatorOptions.OutOfMemoryAttempts"/>, <see
/// cref="CoordinatorOptions.LostAttempts"/>).</item>
/// <item>A trial whose lease has expired <see cref="CoordinatorOptions.SuspectAfterLosses"/> times in a row may be what kills its silos: a silo gets
/// one such trial at a time, after the sweep's others, so that it doesn't take them down with it.</item>
/// <item>A silo on which different trials keep failing, one of which completed elsewhere, is quarantined
/// (<see cref="CoordinatorOptions.QuarantineAfterTrials"/>): it gets no leases, and its failures since its last completion, and from then on, are
/// not charged; trials they had failed for good are queued again.</item>
/// <item>Leases are granted by descending estimated cost, then in spec order; what may kill its silo comes last.</item>
/// <item>No operation's cost grows with the number of finished trials.</item>
/// </list>
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface ICoordinator : ISweepOperations, IWorkSource
{
    /// <summary>
    /// Takes back at once every lease held by silos whose id starts with <paramref name="siloPrefix"/>: for the embedded engine, whose process
    /// lock proves that the former holder is dead. Their attempts end as <see cref="AttemptOutcome.Lost"/>. Returns how many.
    /// </summary>
    Task<int> ReclaimAsync(string siloPrefix, CancellationToken cancellationToken);
}
