namespace Sweep.Client.Dashboard.Api;

/// <summary>What a silo runs.</summary>
internal sealed record SiloTrialView(string Sweep, string SweepName, string Trial, string? Phase, double? Fraction);
