namespace Sweep.Grains.Coordination;

/// <summary>A result to be reported.</summary>
public sealed record FinishedTrial(Lease Lease, TrialResult Result);
