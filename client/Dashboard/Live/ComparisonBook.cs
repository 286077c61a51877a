using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Client.Dashboard.Api;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// A large report's comparisons, filtered, sorted and paged on the server. Equal places are shared: about a hundred bytes per comparison. Immutable,
/// thread-safe.
/// </summary>
internal sealed class ComparisonBook
{
    private readonly ComparisonSection[] _all;
    private readonly Dictionary<JsonObject, Dictionary<string, string>> _labels = new(ReferenceEqualityComparer.Instance);

    public ComparisonBook(IReadOnlyList<ComparisonSection> comparisons)
    {
        Dictionary<string, (JsonObject Where, IReadOnlyList<string> AveragedOver)> places = new(StringComparer.Ordinal);
        _all = new ComparisonSection[comparisons.Count];
        for (int i = 0; i < _all.Length; i++)
        {
            ComparisonSection one = comparisons[i];
            string key = one.Where.ToJsonString();
            if (!places.TryGetValue(key, out (JsonObject Where, IReadOnlyList<string> AveragedOver) place))
            {
                places[key] = place = (one.Where, one.AveragedOver);
                _labels[one.Where] = one.Where.ToDictionary(w => w.Key, w => SweepShape.Label(w.Value), StringComparer.Ordinal);
            }

            _all[i] = one with { Where = place.Where, AveragedOver = place.AveragedOver };
        }

        Facets = new ComparisonFacets(
            _all.Length,
            _all.FirstOrDefault()?.Axis,
            _all.FirstOrDefault()?.A,
            [.. _all.Select(c => c.B).Distinct(StringComparer.Ordinal)],
            [.. places.Values.SelectMany(p => p.Where.Select(w => w.Key).Concat(p.AveragedOver)).Distinct(StringComparer.Ordinal)],
            [.. _all.GroupBy(c => c.Metric, StringComparer.Ordinal).Select(g => new ComparisonTally(g.Key, g.Count(), g.Count(IsDecided)))],
            [
                .. _all.Where(c => c.AveragedOver.Count == 0 && c.Better is not null).GroupBy(c => (c.Metric, c.B))
                    .Select(g => new ComparisonLead(g.Key.Metric, g.Key.B, g.Count(c => c.Better == "b"), g.Count())),
            ],
            _all.Any(c => c.AveragedOver.Count > 0));
    }

    public ComparisonFacets Facets { get; }

    public ComparisonPage Of(ComparisonQuery query)
    {
        List<ComparisonSection> found = [.. _all.Where(c => Fits(c, query))];
        IEnumerable<ComparisonSection> sorted = query.SortBy is { } by ? Sorted(found, by, query.Descending) : found;
        return new ComparisonPage(_all.Length, found.Count, found.Count(IsDecided), [.. sorted.Skip(query.Skip).Take(query.Take).Select(ReportJson.Element)]);
    }

    private static bool IsDecided(ComparisonSection comparison) => comparison.Verdict is "a" or "b";

    private bool Fits(ComparisonSection c, ComparisonQuery query) =>
        (query.Metric is null || c.Metric == query.Metric)
        && (query.Arm is null || c.B == query.Arm)
        && (query.Verdict is null || (query.Verdict == "decided" ? IsDecided(c) : c.Verdict == query.Verdict))
        && (query.Averaged is null || query.Averaged == "only" == c.AveragedOver.Count > 0)
        && query.Where.All(w => _labels[c.Where].TryGetValue(w.Key, out string? label) && label == w.Value);

    /// <summary>Missing values sort last in either direction; ties keep their order.</summary>
    private IEnumerable<ComparisonSection> Sorted(List<ComparisonSection> found, string by, bool descending)
    {
        Func<ComparisonSection, IComparable?> key = by switch
        {
            "metric" => c => c.Metric,
            "arm" => c => c.B,
            "difference" => c => c.Difference.Mean,
            "p_value" => c => c.PValue,
            "p_adjusted" => c => c.PAdjusted,
            "verdict" => c => c.Verdict == "undecided" ? "undecided" : c.Verdict == "a" ? c.A : c.B,
            "seeds" => c => c.Seeds,
            _ => Axis(by[ComparisonQuery.ByAxis.Length..], found),
        };
        IOrderedEnumerable<ComparisonSection> there = found.OrderBy(c => key(c) is null);
        return descending ? there.ThenByDescending(key, Keys) : there.ThenBy(key, Keys);
    }

    /// <summary>Numeric order if all labels are numbers.</summary>
    private Func<ComparisonSection, IComparable?> Axis(string axis, List<ComparisonSection> found)
    {
        bool numeric = found.Select(c => _labels[c.Where].GetValueOrDefault(axis)).OfType<string>()
            .All(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        return c => !_labels[c.Where].TryGetValue(axis, out string? label) ? null
            : numeric ? double.Parse(label, NumberStyles.Float, CultureInfo.InvariantCulture) : label;
    }

    private static readonly Comparer<IComparable?> Keys = Comparer<IComparable?>.Create(
        static (x, y) => x is string a && y is string b ? StringComparer.OrdinalIgnoreCase.Compare(a, b) : Comparer<IComparable?>.Default.Compare(x, y));
}
