namespace Sweep.Grains.Coordination;

/// <summary>Why an attempt failed.</summary>
/// <param name="Cause"><see cref="AttemptOutcome.Failed"/>, <see cref="AttemptOutcome.OutOfMemory"/> or <see cref="AttemptOutcome.Stalled"/>.</param>
/// <param name="Message">For display.</param>
public sealed record AttemptFailure(AttemptOutcome Cause, string Message)
{
    /// <summary>The same data and seed fail again wherever they are tried (bad data, a loss that diverges): the trial is failed for good at once.</summary>
    public bool MustRepeat { get; init; }
}
