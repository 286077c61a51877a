using Sweep.Grains.Coordination;

namespace Sweep.Grains.Trials;

/// <summary>
/// Where a trial stands, what it has used of its budgets, who has its lease; and all decisions about it: how an attempt begins, is renewed and ends, what that
/// costs, who may report it. A value: a decision returns the next one and changes nothing. Knows no store and no clock: times are ms since 1970 by the store's
/// clock, passed in.
/// <para>The fencing token of a lease is the number of its attempt. It only grows; a store that crashed may give one again, so the holder is part of the
/// check.</para>
/// </summary>
public sealed record TrialState
{
    public TrialStatus Status { get; init; }

    /// <summary>Attempts begun; the latest lease's fencing token.</summary>
    public int Attempts { get; init; }

    /// <summary>Failures charged to the retry budget.</summary>
    public int Failures { get; init; }

    /// <summary>Attempts out of memory, in a row.</summary>
    public int MemoryFailures { get; init; }

    /// <summary>Attempts that were lost or stalled, in a row.</summary>
    public int Losses { get; init; }

    /// <summary>Its cancellation was asked for while it ran.</summary>
    public bool Cancelling { get; init; }

    /// <summary>The silo that runs it; null unless running.</summary>
    public long? Silo { get; init; }

    /// <summary>When its lease expires; null unless running.</summary>
    public long? Expires { get; init; }

    /// <summary>The silo on which it failed last.</summary>
    public long? FailedOn { get; init; }

    public long? FailedAt { get; init; }

    /// <summary>Of the latest failure.</summary>
    public string? Message { get; init; }

    /// <summary>Where an attempt that ends without a verdict takes it.</summary>
    private TrialStatus Back => Cancelling ? TrialStatus.Cancelled : TrialStatus.Queued;

    /// <summary>
    /// Whether a silo's lease with this token stands. One that has run out stands until somebody takes the trial: its silo was frozen, cut off or taken for
    /// dead, and may yet come back.
    /// </summary>
    public bool IsHeld(long silo, long token) => Status == TrialStatus.Running && Attempts == token && Silo == silo;

    /// <summary>Whether its lease has expired: nobody else is given it before <see cref="Expire"/>.</summary>
    public bool HasExpired(long now) => Status == TrialStatus.Running && Expires <= now;

    /// <summary>Whether it may be what kills its silos: a silo gets one such trial at a time.</summary>
    public bool IsSuspect(CoordinatorOptions limits) => Losses >= Given(limits).SuspectAfterLosses;

    /// <summary>Whether another silo should try it before this one does: it failed here after that time.</summary>
    public bool IsKeptFrom(long silo, long failedSince) => FailedOn == silo && !(FailedAt <= failedSince);

    /// <summary>An attempt begins.</summary>
    /// <exception cref="InvalidOperationException">It isn't queued.</exception>
    public TrialState Lease(long silo, long now, CoordinatorOptions limits) => Status == TrialStatus.Queued
        ? this with { Status = TrialStatus.Running, Attempts = Attempts + 1, Silo = silo, Expires = Later(now, limits) }
        : throw new InvalidOperationException($"status: {Status}; allowed to be leased: {TrialStatus.Queued}");

    /// <summary>A heartbeat of its silo arrived.</summary>
    public TrialState Renew(long now, CoordinatorOptions limits) => Running() with { Expires = Later(now, limits) };

    /// <summary>Its silo was declared dead: the lease runs out now. Whoever asks for work next may take the trial; a silo that was wrongly declared dead
    /// renews the lease, if nobody did.</summary>
    public TrialState Revoke(long now) => Running() with { Expires = Math.Min(now, Expires ?? now) };

    /// <summary>What its silo is told to do when it renews the lease.</summary>
    public HeartbeatAnswer Answer(bool sweepPaused) =>
        Cancelling ? HeartbeatAnswer.Cancelled : sweepPaused ? HeartbeatAnswer.Paused : HeartbeatAnswer.Renewed;

    /// <summary>Its result is there; also when it was being cancelled.</summary>
    public AttemptEnd Complete(long now) => End(TrialStatus.Completed, AttemptOutcome.Completed, now);

    /// <summary>The attempt failed, stalled, or the device's memory did not suffice. The trial is queued again while its budget lasts.</summary>
    /// <param name="charge">False where the silo is known to be at fault.</param>
    /// <param name="mustRepeat">The same data and seed fail again wherever they are tried: where it is charged, failed for good at once.</param>
    public AttemptEnd Fail(AttemptOutcome cause, string message, bool charge, long now, CoordinatorOptions limits, bool mustRepeat = false)
    {
        ArgumentNullException.ThrowIfNull(limits);
        TrialState used = cause switch
        {
            AttemptOutcome.OutOfMemory => this with { MemoryFailures = MemoryFailures + 1 },
            AttemptOutcome.Stalled => this with { Losses = Losses + 1, FailedOn = Silo, FailedAt = now },
            AttemptOutcome.Failed => this with { MemoryFailures = 0, Failures = Failures + (charge ? 1 : 0), FailedOn = Silo, FailedAt = now },
            _ => throw new ArgumentException($"cause: {cause}; allowed: {AttemptOutcome.Failed}, {AttemptOutcome.OutOfMemory}, {AttemptOutcome.Stalled}",
                nameof(cause)),
        };
        bool spent = cause switch
        {
            AttemptOutcome.OutOfMemory => used.MemoryFailures >= limits.OutOfMemoryAttempts,
            AttemptOutcome.Stalled => used.Losses >= limits.LostAttempts,
            _ => used.IsSpent(limits) || (charge && mustRepeat),
        };
        TrialStatus next = spent && !Cancelling ? TrialStatus.Failed : Back;
        return (used with { Message = message }).End(next, cause, now, message) with { Charged = cause == AttemptOutcome.Failed && charge };
    }

    /// <summary>Its silo released it: drained, paused or cancelled.</summary>
    public AttemptEnd Release(AttemptOutcome cause, long now) => cause is AttemptOutcome.Preempted or AttemptOutcome.Cancelled
        ? End(Back, cause, now)
        : throw new ArgumentException($"cause: {cause}; allowed: {AttemptOutcome.Preempted}, {AttemptOutcome.Cancelled}", nameof(cause));

    /// <summary>Its lease expired. A trial that this happens to time and again fails for good: it seems to kill its process.</summary>
    public AttemptEnd Expire(CoordinatorOptions limits) => Lose(limits, Expires ?? 0, "the lease expired");

    /// <summary>Its silo's process is known to have ended without releasing the trial.</summary>
    public AttemptEnd Reclaim(long now, CoordinatorOptions limits) => Lose(limits, now, "the silo is gone");

    /// <summary>A charged failure was the silo's fault: refunded to the budget; a trial that it had failed for good is queued again.</summary>
    /// <param name="last">It was the trial's last attempt, which may have failed it for good at once.</param>
    public TrialState Refund(CoordinatorOptions limits, bool last = false)
    {
        TrialState refunded = this with { Failures = Failures - 1 };
        bool goesOn = Status == TrialStatus.Failed && (last || IsSpent(limits)) && !refunded.IsSpent(limits);
        return goesOn ? refunded with { Status = TrialStatus.Queued } : refunded;
    }

    /// <summary>An operator cancels it: a queued or held one at once, a running one at its silo's next heartbeat. One that has ended stays.</summary>
    public TrialState Cancel() => Status switch
    {
        TrialStatus.Queued or TrialStatus.Held => this with { Status = TrialStatus.Cancelled },
        TrialStatus.Running => this with { Cancelling = true },
        _ => this,
    };

    /// <summary>An operator has it tried again: one that failed for good or was cancelled, with a fresh budget; one that was being cancelled goes on. Any
    /// other stays.</summary>
    /// <param name="held">Whether it is of a look that its race hasn't come to: it is held again.</param>
    public TrialState Retry(bool held = false) => Status switch
    {
        TrialStatus.Running => this with { Cancelling = false },
        TrialStatus.Failed or TrialStatus.Cancelled => held ? QueuedAnew() with { Status = TrialStatus.Held } : QueuedAnew(),
        _ => this,
    };

    /// <summary>An operator discards its result: queued again, with a fresh budget. One that has none stays.</summary>
    public TrialState Discard() => Status == TrialStatus.Completed ? QueuedAnew() : this;

    /// <summary>A report of a lease that doesn't stand: accepted only if it is the very report that ended this attempt, whose answer was lost.</summary>
    /// <param name="recorded">How the attempt of that token and holder ended; null when there is none.</param>
    public static ReportAnswer Again(AttemptOutcome? recorded, AttemptOutcome reported) => recorded == reported ? ReportAnswer.Accepted : ReportAnswer.Stale;

    private TrialState QueuedAnew() =>
        this with { Status = TrialStatus.Queued, Failures = 0, MemoryFailures = 0, Losses = 0, FailedOn = null, FailedAt = null };

    private bool IsSpent(CoordinatorOptions limits) => Failures > Given(limits).RetryBudget;

    private AttemptEnd Lose(CoordinatorOptions limits, long ended, string why)
    {
        TrialState lost = Running() with { Losses = Losses + 1 };
        bool hopeless = lost.Losses >= Given(limits).LostAttempts && !Cancelling;
        string message = $"its lease expired {lost.Losses} times in a row: it may be what kills its silos";
        return (hopeless ? lost with { Message = message } : lost).End(hopeless ? TrialStatus.Failed : Back, AttemptOutcome.Lost, ended, why);
    }

    private AttemptEnd End(TrialStatus next, AttemptOutcome outcome, long ended, string? message = null) => new(
        Running() with { Status = next, Losses = outcome is AttemptOutcome.Lost or AttemptOutcome.Stalled ? Losses : 0, Cancelling = false, Silo = null,
            Expires = null }, outcome, ended, message);

    private TrialState Running() => Status == TrialStatus.Running
        ? this
        : throw new InvalidOperationException($"status: {Status}; allowed for an attempt to go on or end: {TrialStatus.Running}");

    private static long Later(long now, CoordinatorOptions limits) => now + (long)Given(limits).LeaseDuration.TotalMilliseconds;

    private static CoordinatorOptions Given(CoordinatorOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return limits;
    }
}
