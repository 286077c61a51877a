namespace Sweep.Client.Dashboard.Live;

/// <summary>In how many full groups an arm is ahead of the baseline by the sign of the mean alone, certain or not, of those where the two differ.</summary>
internal sealed record ComparisonLead(string Metric, string Arm, int Ahead, int Total);
