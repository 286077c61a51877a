using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>
/// Decides who runs what. Thread-safe; any number of silos, in any number of processes where the engine allows it, call it at once.
/// <list type="bullet">
/// <item>Submitting is idempotent: the same spec adds nothing. A spec under the same name that has all trials of before extends the sweep: those that are new are queued. One that
/// takes a trial away, or compares otherwise, throws <see cref="SpecChangedException"/>.</item>
/// <item>A lease stands for the lease duration by the store's clock unless renewed by a heartbeat. An expired lease goes back to the queue (its
/// attempt ends as <see cref="AttemptOutcome.Lost"/>) before the next lease is given. Reports with a stale token answer
/// <see cref="ReportAnswer.Stale"/> and change nothing.</item>
/// <item>A trial is complete when <see cref="CompleteAsync"/> has committed its result; never before, and never twice.</item>
/// <item>Reporting the same outcome of the same lease again (a reply was lost) answers <see cref="ReportAnswer.Accepted"/> and changes nothing.</item>
/// <item>Only <see cref="AttemptOutcome.Failed"/> spends the retry budget; a failure that must repeat (<see cref="AttemptFailure.MustRepeat"/>) all of it. Running out of memory and losing the silo are bounded apart
/// (<see cref="CoordinatorOptions.OutOfMemoryAttempts"/>, <see cref="CoordinatorOptions.LostAttempts"/>).</item>
/// <item>A trial whose lease has expired <see cref="CoordinatorOptions.SuspectAfterLosses"/> times in a row may be what kills its silos: a silo gets
/// one such trial at a time, so that it doesn't take others like it down with it.</item>
/// <item>A silo on which different trials keep failing, one of which completed elsewhere, is quarantined
/// (<see cref="CoordinatorOptions.QuarantineAfterTrials"/>): it gets no leases, and its failures since its last completion, and from then on, are
/// not charged; trials they had failed for good are queued again.</item>
/// <item>Leases are given by descending estimated cost, then in spec order.</item>
/// <item>No operation's cost grows with the number of finished trials.</item>
/// </list>
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface ICoordinator : IAsyncDisposable
{
    /// <summary>Adds a sweep and its trials, atomically; a new one keeps the trace context that this is called in (<see cref="SweepSummary.Trace"/>).</summary>
    /// <param name="sweep">The validated spec.</param>
    /// <param name="trials">Its expansion, each with an estimated cost in any one unit.</param>
    /// <exception cref="SpecChangedException">A sweep of this name is there, and its trials are not all among these, or some of them run while others would join.</exception>
    /// <exception cref="ArgumentException">Two trials have one id, or a cost is negative or not finite; nothing is stored.</exception>
    Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>As <see cref="SubmitAsync"/>, of a spec that may have another name than the sweep whose place it takes: for a store that holds one sweep.</summary>
    /// <param name="sweepId">The sweep that becomes this one, if its trials are all among these.</param>
    Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>Keeps a data file for silos that lack it. Storing it again does nothing.</summary>
    /// <param name="sha256">Of the content, in lower-case hexadecimal.</param>
    Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken);

    /// <summary>
    /// Leases queued trials of unpaused sweeps; empty when there is none, or none for this silo (quarantined, or the trial has just failed on it and
    /// another silo should try): ask again later.
    /// </summary>
    Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

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

    /// <summary>Ends an attempt that failed or ran out of memory; queues the trial again while its budget lasts, unless the failure must repeat.</summary>
    /// <exception cref="ArgumentException">The cause is neither <c>Failed</c> nor <c>OutOfMemory</c>.</exception>
    Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken);

    /// <summary>Gives a trial back unfinished (drain, pause, cancel): queued again, or cancelled if that was asked for.</summary>
    /// <exception cref="ArgumentException">The cause is neither <c>Preempted</c> nor <c>Cancelled</c>.</exception>
    Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back at once every lease held by silos whose id starts with <paramref name="siloPrefix"/>: for the embedded engine, whose process
    /// lock proves that the former holder is dead. Their attempts end as <see cref="AttemptOutcome.Lost"/>. Returns how many.
    /// </summary>
    Task<int> ReclaimAsync(string siloPrefix, CancellationToken cancellationToken);

    /// <summary>Gives no more leases of the sweep; running attempts hear of it at their next heartbeat.</summary>
    /// <exception cref="ArgumentException">No such sweep; so for the four that follow.</exception>
    Task PauseAsync(string sweepId, CancellationToken cancellationToken);

    Task ResumeAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Cancels queued trials now and running ones at their next heartbeat. Completed ones stay.</summary>
    Task CancelAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>
    /// Queues failed and cancelled trials again with a fresh budget (all, or those named); returns how many. A running trial whose cancellation
    /// was asked for is counted too: it goes on, or is queued again if its silo has already stopped.
    /// </summary>
    Task<int> RetryAsync(string sweepId, IReadOnlyCollection<string>? trialIds, CancellationToken cancellationToken);

    /// <summary>Discards the results of completed trials and queues them again with a fresh budget; returns how many. Trials in another state stay as they are.</summary>
    Task<int> DiscardAsync(string sweepId, IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken);

    /// <summary>Lets a quarantined silo lease again, with a clean record; false when it is not quarantined.</summary>
    Task<bool> LiftQuarantineAsync(string silo, CancellationToken cancellationToken);
}
