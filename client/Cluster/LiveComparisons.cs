using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Cluster;

/// <summary>How a sweep's comparisons stand, as the report would have them now.</summary>
/// <param name="Completed">Completed trials that are in them.</param>
/// <param name="Test">The test behind the p-values.</param>
/// <param name="Comparisons">By the metric that the spec compares by, averaged where there is something to average over.</param>
internal sealed record LiveComparisons(int Completed, string Test, IReadOnlyList<ComparisonSection> Comparisons);
