using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>compare</c>.</summary>
internal sealed class CompareReader(SpecCatalogue catalogue, SpecErrors errors)
{
    private static readonly string[] Keys = ["axis", "baseline", "metric"];

    /// <summary>The section with its defaults; null when it is wrong or the axes are, with errors reported.</summary>
    public CompareSpec? Read(YamlMap? map, IReadOnlyList<ReadAxis> axes)
    {
        foreach (var entry in (map?.Entries ?? []).Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown("key in compare", entry.Key, Keys, AxisDefinition.Home(entry.Key)));
        // Wrong axes have been reported; guessing what they were meant to be would only add noise.
        if (errors.Any) return null;
        var axis = Axis(map?.Find("axis"), axes);
        var baseline = axis is null ? null : Baseline(map?.Find("baseline"), axis);
        var metric = Metric(map?.Find("metric"), axes);
        return axis is null || baseline is null || metric is null
            ? null
            : new CompareSpec { Axis = axis.Definition.Name, Baseline = baseline, Metric = metric };
    }

    private ReadAxis? Axis(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        if (entry is not null) return Pick(entry, "compare.axis", axes, a => a.Definition.Name);
        var preprocessing = axes.First(a => a.Definition.Name is "preprocessing");
        return preprocessing.Values.Count > 1 ? preprocessing : axes.FirstOrDefault(a => a.Values.Count > 1) ?? preprocessing;
    }

    private string? Baseline(YamlEntry? entry, ReadAxis axis)
    {
        var labels = axis.Labels.Select(ReadAxis.Text).ToList();
        if (entry is null) return labels[0];
        return axis.Find(entry.Value) ?? Pick(entry, "compare.baseline", labels, l => l);
    }

    private string? Metric(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        var datasets = axes.First(a => a.Definition.Name is "dataset").Instances.OfType<IDataset>().ToList();
        // What no dataset at all meets; some may meet one need and some another.
        MetricNeeds Lacks(string metric) => MetricCatalog.Entry(metric) is { } known
            ? datasets.Aggregate(known.Needs, (lacking, dataset) => lacking & known.Needs.Lacking(dataset))
            : MetricNeeds.Nothing;
        var known = catalogue.Metrics.Where(m => Lacks(m) == MetricNeeds.Nothing).ToList();
        if (entry is null) return Lacks(LogLikelihood.Key) == MetricNeeds.Nothing ? LogLikelihood.Key : EnergyDistance.Key;
        if (entry.Value is not YamlText { Text: var text })
            errors.Add(entry.Value.Line, $"compare.metric: {ParameterReader.Show(entry.Value)}; allowed: {string.Join(", ", known)}");
        else if (Lacks(text) != MetricNeeds.Nothing)
            errors.Add(entry.Value.Line,
                $"compare.metric: {text} needs a dataset with {Lacks(text).Words()}, and there is none; allowed: {string.Join(", ", known)}");
        else if (MetricCheck.Unknown(text, known) is { } problem)
            errors.Add(entry.Value.Line, $"compare.metric: {problem}");
        else
            return MetricAddress.Of(text).ToString();
        return null;
    }

    private T? Pick<T>(YamlEntry entry, string what, IReadOnlyList<T> among, Func<T, string> text)
        where T : class
    {
        if (entry.Value is YamlText written && among.FirstOrDefault(a => string.Equals(text(a), written.Text, StringComparison.Ordinal)) is { } found)
            return found;
        var allowed = among.Select(text).ToList();
        var offer = entry.Value is YamlText near ? SpecWords.Nearest(near.Text, allowed) : null;
        errors.Add(entry.Value.Line,
            $"{what}: {ParameterReader.Show(entry.Value)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {string.Join(", ", allowed)}");
        return null;
    }
}
