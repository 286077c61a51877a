namespace Sweep.Grains.Coordination;

/// <summary>A coordinator's limits. Every silo of a store should use the same.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>How long a lease stands without a heartbeat, by the store's clock.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts beyond the first that may end as <see cref="AttemptOutcome.Failed"/> before the trial is failed for good.</summary>
    public int RetryBudget { get; init; } = 2;

    /// <summary>
    /// This many attempts in a row out of memory fail the trial for good. They don't spend the retry budget: what else the device holds then may be
    /// why, and the next attempt may get another.
    /// </summary>
    public int OutOfMemoryAttempts { get; init; } = 8;

    /// <summary>
    /// This many attempts in a row that were lost with their silos or stalled fail the trial for good: it seems to kill its process. They don't spend the retry
    /// budget. A silo or a run that drains doesn't count; an embedded run that was killed does.
    /// </summary>
    public int LostAttempts { get; init; } = 12;

    /// <summary>From this many such attempts in a row on, the sweep's other trials go first, and a silo gets no second trial of that kind beside it.</summary>
    public int SuspectAfterLosses { get; init; } = 3;

    /// <summary>
    /// A silo is quarantined when its failures, with no completion between them, reach this many different trials and another silo has completed
    /// one of those trials: a trial's outcome depends on its spec alone, so what fails here and completes there is the silo's fault. A sweep
    /// whose every trial fails therefore quarantines no silo.
    /// </summary>
    public int QuarantineAfterTrials { get; init; } = 5;

    /// <summary>
    /// For this long after a failure, a trial is kept from the silo it failed on while another silo is alive to try it: that is what tells a bad
    /// silo from a bad trial.
    /// </summary>
    public TimeSpan RetryElsewhereFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the first lease of a trial, given with the answer to a result, may stand in its sweep's grain alone before it is written; zero writes each
    /// before it is given. A trial that completes meanwhile is written once. A grain that dies forgets such leases: their silos are told that they are lost,
    /// and an attempt is run again that nobody has heard of. So never where a trial that kills its process would take the grain with it.
    /// </summary>
    public TimeSpan UnwrittenFor { get; init; }

    /// <summary>How long a command waits for a store that another process has locked.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The limits of a cluster's silos.</summary>
    /// <param name="lease">How long leases stand.</param>
    public static CoordinatorOptions OfCluster(TimeSpan lease) => new() { LeaseDuration = lease, UnwrittenFor = TimeSpan.FromMilliseconds(120) };

    /// <summary>Throws when a limit makes no sense.</summary>
    /// <exception cref="ArgumentException">A duration is not positive, or a count is negative.</exception>
    public void Validate()
    {
        Positive(LeaseDuration, nameof(LeaseDuration));
        Positive(BusyTimeout, nameof(BusyTimeout));
        if (UnwrittenFor < TimeSpan.Zero || UnwrittenFor > LeaseDuration / 3)
            throw new ArgumentException($"{nameof(UnwrittenFor)}: {UnwrittenFor}; allowed: zero to a third of a lease, {LeaseDuration / 3}");
        if (RetryElsewhereFor < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(RetryElsewhereFor)}: {RetryElsewhereFor}; allowed: zero or more");
        if (RetryBudget < 0)
            throw new ArgumentException($"{nameof(RetryBudget)}: {RetryBudget}; allowed: 0 or more");
        if (OutOfMemoryAttempts < 1)
            throw new ArgumentException($"{nameof(OutOfMemoryAttempts)}: {OutOfMemoryAttempts}; allowed: 1 or more");
        if (LostAttempts < 1)
            throw new ArgumentException($"{nameof(LostAttempts)}: {LostAttempts}; allowed: 1 or more");
        if (SuspectAfterLosses < 1)
            throw new ArgumentException($"{nameof(SuspectAfterLosses)}: {SuspectAfterLosses}; allowed: 1 or more");
        if (QuarantineAfterTrials < 1)
            throw new ArgumentException($"{nameof(QuarantineAfterTrials)}: {QuarantineAfterTrials}; allowed: 1 or more");
    }

    private static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero)
            throw new ArgumentException($"{name}: {value}; allowed: more than zero");
    }
}
