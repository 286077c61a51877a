namespace Sweep.Grains.Coordination;

/// <summary>
/// Decides who runs what. Thread-safe; any number of silos, in any number of processes where the engine allows it, call it at once.
/// <list type="bullet">
/// <item>Submitting is idempotent: the same spec adds nothing. A spec under the same name that has all trials of before extends the sweep: those that are new
/// are queued. One that takes a trial away, or compares otherwise, throws <see cref="SpecChangedException"/>.</item>
/// <item>A lease stands for the lease duration by the store's clock unless renewed by a heartbeat, or until its silo is declared dead. An expired lease goes
/// back to the queue (its
/// attempt ends as <see cref="AttemptOutcome.Lost"/>) before the next lease is given; until then its holder may still renew it, or report. Reports with a
/// stale token answer
/// <see cref="ReportAnswer.Stale"/> and change nothing.</item>
/// <item>A trial is complete when <see cref="CompleteAsync"/> has committed its result; never before, and never twice.</item>
/// <item>Reporting the same outcome of the same lease again (a reply was lost) answers <see cref="ReportAnswer.Accepted"/> and changes nothing.</item>
/// <item>Only <see cref="AttemptOutcome.Failed"/> spends the retry budget; a failure that must repeat (<see cref="AttemptFailure.MustRepeat"/>) all of it.
/// Running out of memory and losing the silo are bounded apart (<see cref="CoordinatorOptions.OutOfMemoryAttempts"/>, <see
/// cref="CoordinatorOptions.LostAttempts"/>).</item>
/// <item>A trial whose lease has expired <see cref="CoordinatorOptions.SuspectAfterLosses"/> times in a row may be what kills its silos: a silo gets
/// one such trial at a time, after the sweep's others, so that it doesn't take them down with it.</item>
/// <item>A silo on which different trials keep failing, one of which completed elsewhere, is quarantined
/// (<see cref="CoordinatorOptions.QuarantineAfterTrials"/>): it gets no leases, and its failures since its last completion, and from then on, are
/// not charged; trials they had failed for good are queued again.</item>
/// <item>Leases are given by descending estimated cost, then in spec order; what may kill its silo comes last.</item>
/// <item>No operation's cost grows with the number of finished trials.</item>
/// </list>
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface ICoordinator : ISweepOperations
{
    /// <summary>
    /// Leases queued trials of unpaused sweeps; empty when there is none, or none for this silo (quarantined, or the trial has just failed on it and
    /// another silo should try): ask again later.
    /// </summary>
    Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a request that came back empty may yet bring something: a trial that this silo can run is queued (and kept from it for the moment), or runs
    /// anywhere, so may come back to the queue.
    /// Trials of paused sweeps don't count, and a quarantined silo gets none.
    /// </summary>
    Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when there may be something to lease since the last request that came back empty, at the latest after <paramref name="atMost"/>. A hint:
    /// it may return early and, where the store cannot tell what other processes do, late.
    /// </summary>
    Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Renews leases and records progress; one answer per entry, in order.</summary>
    Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(
        string silo, IReadOnlyList<LeaseProgress> progress, CancellationToken cancellationToken);

    /// <summary>Commits a result; also that of a trial being cancelled, since it is there.</summary>
    /// <exception cref="ArgumentException">A metric's value or truth level is not finite, or a missing value has no reason.</exception>
    Task<ReportAnswer> CompleteAsync(Lease lease, TrialResult result, CancellationToken cancellationToken);

    /// <summary>
    /// Commits results and leases again: <see cref="CompleteAsync"/> for each, then <see cref="LeaseAsync"/>; where the store can, in one round trip and one
    /// transaction. When it throws, any of it may have happened; repeating it is safe.
    /// </summary>
    /// <exception cref="ArgumentException">As of <see cref="CompleteAsync"/>; results before the invalid one may be committed.</exception>
    async Task<CompletedAndLeased> CompleteAndLeaseAsync(IReadOnlyList<FinishedTrial> finished, LeaseRequest next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(finished);
        List<ReportAnswer> answers = [];
        foreach (FinishedTrial trial in finished)
            answers.Add(await CompleteAsync(trial.Lease, trial.Result, cancellationToken).ConfigureAwait(false));
        return new CompletedAndLeased(answers, await LeaseAsync(next, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Ends an attempt that failed, ran out of memory or stood still; queues the trial again while its budget lasts, unless the failure must
    /// repeat.</summary>
    /// <exception cref="ArgumentException">The cause is none of <c>Failed</c>, <c>OutOfMemory</c> and <c>Stalled</c>.</exception>
    Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken);

    /// <summary>Gives a trial back unfinished (drain, pause, cancel): queued again, or cancelled if that was asked for.</summary>
    /// <exception cref="ArgumentException">The cause is neither <c>Preempted</c> nor <c>Cancelled</c>.</exception>
    Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back at once every lease held by silos whose id starts with <paramref name="siloPrefix"/>: for the embedded engine, whose process
    /// lock proves that the former holder is dead. Their attempts end as <see cref="AttemptOutcome.Lost"/>. Returns how many.
    /// </summary>
    Task<int> ReclaimAsync(string siloPrefix, CancellationToken cancellationToken);
}
