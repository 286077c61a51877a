using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>What an attempt came to.</summary>
internal sealed record AttemptReport(AttemptOutcome Outcome, string? Message = null)
{
    /// <summary>Of one that completed.</summary>
    public TrialResult? Result { get; init; }

    /// <summary>Of one that failed.</summary>
    public bool MustRepeat { get; init; }

    public AttemptFailure Failure => new(Outcome, Message ?? string.Empty) { MustRepeat = MustRepeat };
}
