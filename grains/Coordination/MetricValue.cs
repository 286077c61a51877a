namespace Sweep.Grains.Coordination;

/// <summary>One metric of one trial. <see cref="Value"/> is finite or null; null always has a <see cref="Reason"/>.</summary>
/// <param name="Value">In the metric's own unit.</param>
/// <param name="TruthLevel">The same metric on fresh true samples; null where it has none.</param>
/// <param name="Reason">Why there is no value: <c>never</c>, <c>unknown density</c>, <c>3 of 4096 samples are not finite</c>.</param>
public sealed record MetricValue(double? Value, double? TruthLevel = null, string? Reason = null);
