namespace Sweep.Grains.Coordination;

/// <summary>Some metrics of one completed trial.</summary>
/// <param name="Values">In the order asked for; null where it has none.</param>
public sealed record MetricPoints(int Ordinal, IReadOnlyList<double?> Values);
