namespace Sweep.Client.Dashboard.Live;

/// <summary>How many comparisons there are by one metric, and how many of them are called.</summary>
internal sealed record ComparisonTally(string Name, int Total, int Decided);
