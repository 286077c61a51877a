using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Grains.Specs;

/// <summary>
/// Which metrics a sweep's trials can have as far as its spec alone shows, before any result and without reading a data file: what a file holds has neither a
/// known density nor known modes, whatever it holds. Not thread-safe.
/// </summary>
public sealed class PlannedMetrics
{
    private readonly SweepSpec _spec;
    private readonly int _dataset;
    private readonly int _preprocessing;
    private readonly IDataset?[] _datasets;
    private readonly IPreprocessing?[] _preprocessings;
    private readonly Dictionary<(string Metric, int Dataset, int Preprocessing), string?> _known = [];
    private readonly Lazy<TrialSpec[]> _groups;
    private readonly Lazy<TrialSpec> _first;

    public PlannedMetrics(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _spec = spec;
        (_dataset, _datasets) = Kinds(DatasetKinds.Registry, static kind => CanonicalJson.IsHashedFile(kind.Parameters) ? new Unread() : null);
        (_preprocessing, _preprocessings) = Kinds(PreprocessingKinds.Registry, static _ => null);
        _groups = new Lazy<TrialSpec[]>(() => [.. TrialExpansion.Expand(spec with { Seeds = [spec.Seeds[0]] })]);
        _first = new Lazy<TrialSpec>(() => TrialExpansion.Expand(spec).First());
    }

    /// <summary>
    /// Why no trial there can have a metric, in <see cref="MetricCheck"/>'s words: <c>needs a dataset with known density</c>. Null where one may.
    /// </summary>
    /// <param name="metric">A metric or a read-off.</param>
    /// <param name="place">The index of the value on every axis, in the spec's axis order.</param>
    public string? Missing(string metric, IReadOnlyList<int> place)
    {
        ArgumentNullException.ThrowIfNull(place);

        // A spec without its resolved axes, or of kinds that this version doesn't know, shows nothing.
        if (_dataset < 0 || _preprocessing < 0 || _datasets[place[_dataset]] is not { } dataset || MetricCatalog.Entry(metric) is not { } entry)
            return null;
        IPreprocessing? preprocessing = _preprocessings[place[_preprocessing]];
        if (MetricCatalog.IsReadOff(metric) || entry.Needs.HasFlag(MetricNeeds.Training))
            return MetricCheck.Missing(metric, _groups.Value[_spec.Places.GroupOf(place)!.Value], dataset, preprocessing);

        // The others depend on data set and preprocessing alone, and diagnostics are the same for all trials: a large sweep is not expanded for them.
        (string, int, int) key = (metric, place[_dataset], place[_preprocessing]);
        if (!_known.TryGetValue(key, out string? missing))
            _known[key] = missing = MetricCheck.Missing(metric, _first.Value, dataset, preprocessing);
        return missing;
    }

    /// <summary>The kinds of a seam's axis, created anew; null where one can't be.</summary>
    private (int Axis, T?[] Created) Kinds<T>(KindRegistry<T> registry, Func<KindSpec, T?> instead)
        where T : class
    {
        int axis = _spec.Axes.ToList().FindIndex(a => string.Equals(a.Name, registry.Seam, StringComparison.Ordinal));
        if (axis < 0 || _spec.Resolved["axes"]?[registry.Seam] is not JsonArray values)
            return (-1, []);
        return (axis, [.. values.Select(Create)]);

        T? Create(JsonNode? value)
        {
            if (value is not JsonObject json || !CanonicalJson.IsResolvedKind(json))
                return null;
            KindSpec kind = TrialSpecJson.Section<KindSpec>(json);
            if (instead(kind) is { } known)
                return known;
            try
            {
                return registry.Create(kind.Kind, new ParameterValues(kind.Parameters));
            }
            catch (KindException)
            {
                return null;
            }
        }
    }

    /// <summary>A file that is not read.</summary>
    private sealed class Unread : IDataset
    {
        public int Dimensions => 0;

        public IDensity? Density => null;

        public IModes? Modes => null;

        public DatasetSplit Draw(SplitSizes sizes, ulong seed) => throw new NotSupportedException("the file was not read; allowed: what a spec shows");
    }
}
