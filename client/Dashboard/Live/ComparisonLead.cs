namespace Sweep.Client.Dashboard.Live;

/// <summary>In how many full groups an arm's mean is ahead of the baseline's, significant or not, out of those where they differ.</summary>
internal sealed record ComparisonLead(string Metric, string Arm, int Ahead, int Total);
