namespace Sweep.Client.Dashboard.Live;

/// <summary>The number of comparisons by one metric, and how many have a verdict.</summary>
internal sealed record ComparisonTally(string Name, int Total, int Decided);
