using Sweep.Diffusion.Datasets;
using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans.Aggregation;

/// <summary>
/// What live comparisons need of a result: the metrics of the report's families of comparisons, and the curves that some of them are read from.
/// </summary>
internal sealed record AggregateNeeds(IReadOnlySet<string> Metrics, IReadOnlySet<string> Curves)
{
    public static AggregateNeeds Of(SweepSpec spec)
    {
        string[] judged = [MetricCatalog.LogLikelihood, MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein, spec.Compare.Metric];
        HashSet<string> metrics = [.. judged.SelectMany(MetricReader.Metrics)], curves = [CurveNames.LogLikelihood, .. judged.SelectMany(MetricReader.Curves)];
        return new AggregateNeeds(metrics, curves);
    }

    /// <summary>The result without what isn't needed.</summary>
    public TrialResult Reduce(TrialResult result) => result with
    {
        Metrics = result.Metrics.Where(m => Metrics.Contains(m.Key)).ToDictionary(StringComparer.Ordinal),
        Curves = result.Curves.Where(c => Curves.Contains(c.Key)).ToDictionary(StringComparer.Ordinal),
        Notes = [.. result.Notes.Where(n => SplitRows.Read(n) is not null)],
    };
}
