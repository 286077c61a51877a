using Sweep.Diffusion.Metrics;

namespace Sweep.Grains.Specs;

/// <summary>The metrics of <see cref="MetricKinds"/> and the read-offs of curves, as specs name them and reports show them.</summary>
internal static class MetricCatalog
{
    public const string LogLikelihood = Diffusion.Metrics.LogLikelihood.Key;
    public const string EnergyDistance = Diffusion.Metrics.EnergyDistance.Key;
    public const string SlicedWasserstein = Diffusion.Metrics.SlicedWasserstein.Key;
    public const string StepsToThreshold = Diffusion.Metrics.StepsToThreshold.Key;
    public const string Higher = "higher";
    public const string Lower = "lower";
    public const string TruthLevel = "truth_level";

    /// <summary>Of a metric that is not in the registry, which only a result from another version can have.</summary>
    public const string Unknown = "unknown";

    private static readonly MetricEntry[] Known = [.. MetricKinds.All.Select(MetricEntry.Of)];

    /// <summary>The metrics' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(m => m.Name)];

    /// <summary>Those that no diagnostic has to be asked for.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Known.Where(m => m.Diagnostic is null).Select(m => m.Name)];

    /// <summary>What is known of a metric; a read-off <c>CURVE@X</c> takes after its curve. One that another version stored is shown and not judged.</summary>
    public static MetricInfo Info(string name) =>
        Entry(name)?.Info ?? new MetricInfo(name, name, "", Unknown, "Stored by another version of Sweep: which way is better is not known here.");

    /// <summary>The metric, or the read-off of a curve, by its name; null when nothing is called so.</summary>
    public static MetricEntry? Entry(string name)
    {
        MetricAddress address = MetricAddress.Of(name);
        if (!address.IsReadOff)
            return MetricKinds.Find(name) is { } known ? MetricEntry.Of(known) : null;
        if (CurveCatalog.Find(address.Name) is not { } curve)
            return null;
        string at = CurveAxis.KindOf(address.Name) switch
        {
            CurveAxis.Sigma => $"sigma {address.AtText}",
            CurveAxis.TrainingStep => $"training step {address.AtText}",
            _ => $"reverse step {address.AtText}",
        };
        return curve with
        {
            Name = address.ToString(),
            Label = $"{curve.Label} at {at}",
            Explanation =
                $"The {MetricInfo.InSentence(curve.Label)} curve at {at}{(curve.Better == TruthLevel ? "; judged by its truth level in the same way" : "")}.",
        };
    }

    /// <summary>Names in the order of the catalogue, unknown ones last by name.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal)
            .OrderBy(MetricKinds.Place)
            .ThenBy(n => n, StringComparer.Ordinal);

    /// <summary>Whether a name is that of a curve's value at one place.</summary>
    public static bool IsReadOff(string name) => MetricAddress.Of(name).IsReadOff;
}
