using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What metrics are called, for pages that show them before there is a report.</summary>
public static class MetricWords
{
    /// <summary>In the order in which reports show them; read-offs of curves as they come.</summary>
    public static IReadOnlyList<MetricInfo> Of(IEnumerable<string> names) => [.. MetricCatalog.InOrder(names).Select(MetricCatalog.Info)];
}
