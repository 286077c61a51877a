namespace Sweep.Grains.Coordination;

/// <summary>What a heartbeat says of a running attempt.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="TrialId">The trial.</param>
/// <param name="FencingToken">The lease's token.</param>
/// <param name="Phase">dataset, fit, train, sample, evaluate or commit.</param>
/// <param name="Fraction">Share of the attempt's estimated cost that is done, 0 to 1.</param>
/// <param name="Loss">The latest training loss, where there is one.</param>
public sealed record LeaseProgress(string SweepId, string TrialId, long FencingToken, string Phase, double Fraction, double? Loss);
