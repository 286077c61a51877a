namespace Sweep.Grains.Coordination;

/// <summary>A trial's state. Numbers are stored: never renumber, only append.</summary>
public enum TrialStatus
{
    /// <summary>Waiting for a slot.</summary>
    Queued = 0,

    /// <summary>Leased to a silo.</summary>
    Running = 1,

    /// <summary>Its result is committed.</summary>
    Completed = 2,

    /// <summary>Failed for good: its retry budget is spent. <c>retry</c> queues it again.</summary>
    Failed = 3,

    /// <summary>Cancelled by an operator.</summary>
    Cancelled = 4,

    /// <summary>Of a later look of a race: not queued before that look is wanted.</summary>
    Held = 5,

    /// <summary>Of a look that its race doesn't need: what it was for is decided, or can't be.</summary>
    Pruned = 6,
}
