namespace Sweep.Grains.Coordination;

/// <summary>How an attempt ended; causes are kept apart. Numbers are stored: never renumber, only append.</summary>
public enum AttemptOutcome
{
    Running = 0,
    Completed = 1,

    /// <summary>The trial itself is at fault (NaN loss, bad data). The only cause that spends the retry budget.</summary>
    Failed = 2,

    /// <summary>The lease expired.</summary>
    Lost = 3,

    /// <summary>The device's memory did not suffice.</summary>
    OutOfMemory = 4,

    /// <summary>The silo drained and released it.</summary>
    Preempted = 5,
    Cancelled = 6,

    /// <summary>It made no progress for far longer than all of it should take. Counts as a lost one.</summary>
    Stalled = 7,
}
