namespace Sweep.Grains.Coordination;

/// <summary>An attempt that ended otherwise than completed.</summary>
/// <param name="State">What its trial is now.</param>
public sealed record TroubledAttempt(string TrialId, TrialStatus State, AttemptOutcome Outcome, string? Message, string Silo);
