using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>compare</c>.</summary>
internal sealed class CompareReader(SpecCatalogue catalogue, SpecErrors errors)
{
    /// <summary>The key of the front's metrics, in a spec and in a resolved one.</summary>
    public const string Pareto = "pareto";

    private const string AxisKey = "axis", BaselineKey = "baseline";

    private static readonly string[] Keys = [AxisKey, BaselineKey, "metric", Pareto];

    /// <summary>The section with its defaults; null when it is wrong or the axes are, with errors reported.</summary>
    /// <param name="search">Its groups differ in all axes at once: none can be compared with another, all else equal.</param>
    public CompareSpec? Read(YamlMap? map, IReadOnlyList<ReadAxis> axes, SearchSpec? search)
    {
        foreach (var entry in (map?.Entries ?? []).Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown("key in compare", entry.Key, Keys, AxisDefinition.Home(entry.Key)));
        // Wrong axes have been reported; guessing what they were meant to be would only add noise.
        if (errors.Any) return null;
        foreach (var entry in (map?.Entries ?? []).Where(e => search is not null && e.Key is AxisKey or BaselineKey))
            errors.Add(entry.Line,
                $"compare.{entry.Key}: a search has no two groups that differ in one axis alone; allowed: metric and pareto, or no search");
        if (errors.Any) return null;
        var axis = search is not null ? Arms(axes) : Axis(map?.Find(AxisKey), axes);
        var baseline = axis is null ? null : Baseline(map?.Find(BaselineKey), axis);
        var metric = Metric(map?.Find("metric"), axes);
        var front = Front(map?.Find(Pareto), axes);
        return axis is null || baseline is null || metric is null || front is null
            ? null
            : new CompareSpec { Axis = axis.Definition.Name, Baseline = baseline, Metric = metric, Pareto = front };
    }

    private ReadAxis? Axis(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        if (entry is not null) return Pick(entry, "compare.axis", axes, a => a.Definition.Name);
        var preprocessing = axes.First(a => a.Definition.Name is "preprocessing");
        return preprocessing.Values.Count > 1 ? preprocessing : axes.FirstOrDefault(a => a.Values.Count > 1) ?? preprocessing;
    }

    /// <summary>The axis whose values a search's figures tell apart: a list, as ranges have no two groups of one value.</summary>
    private static ReadAxis Arms(IReadOnlyList<ReadAxis> axes)
    {
        var preprocessing = axes.First(a => a.Definition.Name is "preprocessing");
        return preprocessing.Values.Count > 1 ? preprocessing
            : axes.FirstOrDefault(a => a.Range is null && a.Values.Count > 1 && a.Definition.Name is not "dataset") ?? preprocessing;
    }

    private string? Baseline(YamlEntry? entry, ReadAxis axis)
    {
        var labels = axis.Labels.Select(ReadAxis.Text).ToList();
        if (entry is null) return labels[0];
        return axis.Find(entry.Value) ?? Pick(entry, "compare.baseline", labels, l => l);
    }

    private string? Metric(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        if (entry is null) return Lacks(LogLikelihood.Key, axes) == MetricNeeds.Nothing ? LogLikelihood.Key : EnergyDistance.Key;
        return Known("compare.metric", entry.Value, axes);
    }

    /// <summary>None, or two metrics of which is known which way is better; null when they are wrong.</summary>
    private IReadOnlyList<string>? Front(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        if (entry is null) return [];
        if (entry.Value is not YamlList { Items: [var one, var other] })
        {
            errors.Add(entry.Value.Line, $"compare.pareto: {ParameterReader.Show(entry.Value)}; allowed: two metrics, as [energy_distance, sample_seconds]");
            return null;
        }

        string?[] read = [Known("compare.pareto", one, axes), Known("compare.pareto", other, axes)];
        if (read is not [{ } x, { } y]) return null;
        if (string.Equals(x, y, StringComparison.Ordinal))
            errors.Add(entry.Value.Line, $"compare.pareto: {x} twice; allowed: two metrics");
        else if (read.FirstOrDefault(m => MetricCatalog.Info(m!).Better is MetricCatalog.Unknown) is { } neither)
            errors.Add(entry.Value.Line, $"compare.pareto: of {neither} it isn't known which way is better; allowed: metrics of which it is");
        else
            return [x, y];
        return null;
    }

    /// <summary>A metric that some data set may have; null, with errors reported, where it is none.</summary>
    /// <param name="what">What errors call it.</param>
    public string? Known(string what, YamlNode value, IReadOnlyList<ReadAxis> axes)
    {
        var known = catalogue.Metrics.Where(m => Lacks(m, axes) == MetricNeeds.Nothing).ToList();
        if (value is not YamlText { Text: var text })
            errors.Add(value.Line, $"{what}: {ParameterReader.Show(value)}; allowed: {string.Join(", ", known)}");
        else if (Lacks(text, axes) is var lacks && lacks != MetricNeeds.Nothing)
            errors.Add(value.Line, $"{what}: {text} needs a dataset with {lacks.Words()}, and there is none; allowed: {string.Join(", ", known)}");
        else if (MetricCheck.Unknown(text, known) is { } problem)
            errors.Add(value.Line, $"{what}: {problem}");
        else
            return MetricAddress.Of(text).ToString();
        return null;
    }

    /// <summary>What no dataset at all meets; some may meet one need and some another.</summary>
    private static MetricNeeds Lacks(string metric, IReadOnlyList<ReadAxis> axes) => MetricCatalog.Entry(metric) is { } known
        ? axes.First(a => a.Definition.Name is "dataset").Instances.OfType<IDataset>()
            .Aggregate(known.Needs, (lacking, dataset) => lacking & known.Needs.Lacking(dataset))
        : MetricNeeds.Nothing;

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
