namespace Sweep.Grains.Coordination;

/// <summary>A trial with its history.</summary>
public sealed record TrialDetail(TrialSummary Summary, IReadOnlyList<AttemptRecord> Attempts, TrialResult? Result);
