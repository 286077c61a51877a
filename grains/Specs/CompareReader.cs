using Sweep.Diffusion.Datasets;
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
        // 1e-3 and 0.001 are the same value.
        if (entry.Value is YamlText text && YamlScalars.Value(text) is { } value && labels.Contains(CanonicalJson.Write(value), StringComparer.Ordinal))
            return CanonicalJson.Write(value);
        return Pick(entry, "compare.baseline", labels, l => l);
    }

    private string? Metric(YamlEntry? entry, IReadOnlyList<ReadAxis> axes)
    {
        var datasets = axes.First(a => a.Definition.Name is "dataset").Instances.OfType<IDataset>().ToList();
        var density = datasets.Exists(d => d.Density is not null);
        var modes = datasets.Exists(d => d.Modes is not null);
        var known = catalogue.Metrics.Where(m => (density || !SpecCatalogue.NeedsDensity(m)) && (modes || !SpecCatalogue.NeedsModes(m))).ToList();
        if (entry is null) return density ? "log_likelihood" : "energy_distance";
        if (entry.Value is YamlText text && catalogue.Metrics.Contains(text.Text, StringComparer.Ordinal) && !known.Contains(text.Text, StringComparer.Ordinal))
        {
            var needed = SpecCatalogue.NeedsDensity(text.Text) ? "density" : "modes";
            errors.Add(entry.Value.Line, $"compare.metric: {text.Text} needs a dataset with known {needed}, and there is none; allowed: {string.Join(", ", known)}");
            return null;
        }

        return Pick(entry, "compare.metric", known, m => m);
    }

    private T? Pick<T>(YamlEntry entry, string what, IReadOnlyList<T> among, Func<T, string> text)
        where T : class
    {
        if (entry.Value is YamlText written && among.FirstOrDefault(a => string.Equals(text(a), written.Text, StringComparison.Ordinal)) is { } found)
            return found;
        var allowed = among.Select(text).ToList();
        var offer = entry.Value is YamlText near ? SpecWords.Nearest(near.Text, allowed) : null;
        errors.Add(entry.Value.Line, $"{what}: {ParameterReader.Show(entry.Value)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {string.Join(", ", allowed)}");
        return null;
    }
}
