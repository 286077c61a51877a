namespace Sweep.Grains.Coordination.Sql;

/// <summary>How an attempt ends and where that takes its trial.</summary>
internal sealed record AttemptEnd(AttemptOutcome Outcome, TrialStatus Next, string? Message)
{
    /// <summary>Whether it spends the trial's retry budget.</summary>
    public bool Charged { get; init; }

    /// <summary>When, ms since 1970; null is now.</summary>
    public long? Ended { get; init; }
}
