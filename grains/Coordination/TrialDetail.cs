namespace Sweep.Grains.Coordination;

/// <summary>A trial with its history.</summary>
/// <param name="Result">Null unless completed, and where the stored result is damaged (<see cref="TrialSummary.Damage"/>).</param>
public sealed record TrialDetail(TrialSummary Summary, IReadOnlyList<AttemptRecord> Attempts, TrialResult? Result);
