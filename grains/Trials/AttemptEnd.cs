using Sweep.Grains.Coordination;

namespace Sweep.Grains.Trials;

/// <summary>How an attempt ended, and where that took its trial.</summary>
/// <param name="Trial">The trial after it.</param>
/// <param name="Ended">When, in ms since 1970 by the store's clock.</param>
public sealed record AttemptEnd(TrialState Trial, AttemptOutcome Outcome, long Ended, string? Message)
{
    /// <summary>Whether it spends the trial's retry budget.</summary>
    public bool Charged { get; init; }
}
