namespace Sweep.Client.Dashboard.Api;

/// <summary>A trial running on a silo.</summary>
internal sealed record SiloTrialView(string Sweep, string SweepName, string Trial, string? Phase, double? Fraction);
