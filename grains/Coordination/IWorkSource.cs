namespace Sweep.Grains.Coordination;

/// <summary>
/// Who gives a worker its trials and takes what comes of them: all that a silo asks of an <see cref="ICoordinator"/>, whose promises hold here too.
/// Thread-safe.
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface IWorkSource
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
    /// Commits results and leases again: <see cref="CompleteAsync"/> for each, in any order, then <see cref="LeaseAsync"/>; where the store can, in one round
    /// trip and one transaction. When it throws, any of it may have happened; repeating it is safe.
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

    /// <summary>Ends an attempt that failed, ran out of memory or stalled; queues the trial again while its budget lasts, unless the failure must
    /// repeat.</summary>
    /// <exception cref="ArgumentException">The cause is none of <c>Failed</c>, <c>OutOfMemory</c> and <c>Stalled</c>.</exception>
    Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken);

    /// <summary>Releases a trial unfinished (drain, pause, cancel): queued again, or cancelled if that was asked for.</summary>
    /// <exception cref="ArgumentException">The cause is neither <c>Preempted</c> nor <c>Cancelled</c>.</exception>
    Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken);
}
