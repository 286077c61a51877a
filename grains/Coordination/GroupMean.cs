namespace Sweep.Grains.Coordination;

/// <summary>A metric's mean over a group's completed trials that have a value.</summary>
/// <param name="Group">From 0, in spec order.</param>
public sealed record GroupMean(int Group, string Metric, double Mean);
