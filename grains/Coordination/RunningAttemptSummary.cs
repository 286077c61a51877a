namespace Sweep.Grains.Coordination;

/// <summary>An attempt that runs now.</summary>
/// <param name="SweepId">Its sweep.</param>
/// <param name="SweepName">As written: untrusted text.</param>
/// <param name="TrialId">Its trial.</param>
/// <param name="Silo">Who runs it.</param>
/// <param name="Phase">Null until the first heartbeat.</param>
/// <param name="Fraction">0 to 1; null until the first heartbeat.</param>
/// <param name="Expires">When its lease does, by the store's clock.</param>
public sealed record RunningAttemptSummary(string SweepId, string SweepName, string TrialId, string Silo, string? Phase, double? Fraction,
    DateTimeOffset Expires);
