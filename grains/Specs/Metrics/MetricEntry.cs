using Sweep.Diffusion.Metrics;

namespace Sweep.Grains.Specs;

/// <summary>A metric of the catalogue: what reports say of it, and what a trial must have for it.</summary>
internal sealed record MetricEntry(string Name, string Label, string Unit, string Better, string Explanation)
{
    public MetricNeeds Needs { get; init; }

    /// <summary>The key of <c>diagnostics</c> that asks for it; null for what every trial measures.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>The reference denoiser that <c>diagnostics.explained_share</c> must list; null otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>The principal component that it is about, which data of fewer dimensions don't have; null otherwise.</summary>
    public int? Component { get; init; }

    /// <summary>True for a metric that no trial stores: it is worked out when results are read, and shown where the spec names it.</summary>
    public bool Derived { get; init; }

    /// <summary>The range that it can lie in; null where there is no bound.</summary>
    public double? Least { get; init; }

    public double? Most { get; init; }

    public MetricInfo Info => new(Name, Label, Unit, Better, Explanation) { Least = Least, Most = Most };

    public static MetricEntry Of(IMetric metric) => new(metric.Name, metric.Label, metric.Unit, Word(metric.Better), metric.Explanation)
    {
        Needs = metric.Needs,
        Diagnostic = metric.Diagnostic,
        Derived = metric is IDerivedMetric,
        Least = double.IsFinite(metric.Least) ? metric.Least : null,
        Most = double.IsFinite(metric.Most) ? metric.Most : null,
    };

    private static string Word(MetricBetter better) => better switch
    {
        MetricBetter.Higher => MetricCatalog.Higher,
        MetricBetter.Lower => MetricCatalog.Lower,
        _ => MetricCatalog.TruthLevel,
    };
}
