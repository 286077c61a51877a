namespace Sweep.Grains.Coordination;

/// <summary>One metric of one completed trial.</summary>
/// <param name="Value">Null where it has none.</param>
public readonly record struct MetricPoint(int Ordinal, string Metric, double? Value);
