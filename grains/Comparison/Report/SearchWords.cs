using System.Globalization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is said of a search, in the report and by <c>sweep check</c>.</summary>
public static class SearchWords
{
    /// <summary><c>64 settings of a Sobol sequence (seed 0)</c>.</summary>
    public static string Points(string method, int groups, long seed) => string.Create(CultureInfo.InvariantCulture,
        $"{groups} {(groups == 1 ? "setting" : "settings")} "
        + $"{(method == SearchSpec.Sobol ? "of a scrambled Sobol sequence" : "drawn at random")} (seed {seed})");

    /// <summary>How a search is judged.</summary>
    public static string Judged(SearchSection search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return $"A search over {Points(search.Method, search.Groups, search.Seed)}: no two of them differ in one axis alone, so nothing is compared pair by "
            + "pair.";
    }

    /// <summary>What <c>sweep check</c> says of the plan.</summary>
    public static IEnumerable<string> Check(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Search is not { } search)
            yield break;
        yield return $"searches {Points(search.Method, search.Groups, search.Seed)}, each with {Seeds(spec.Seeds.Count)}, by {spec.Compare.Metric}";
        yield return "no comparisons: no two settings of a search differ in one axis alone";
    }

    internal static string Headline(Evidence evidence, IReadOnlyList<BestSetting> best)
    {
        string metric = MetricInfo.InSentence(evidence.Headline.Label);
        if (best.Count == 0)
            return $"No setting has a {metric} in every seed.";
        IEnumerable<string> each = best.Take(Evidence.Handful).Select(b =>
            $"{(b.Dataset.Length > 0 ? $"on {b.Dataset} " : "")}{string.Join(", ", b.Axes.Select(a => $"{a.Key} {AxisText.Of(a.Value)}"))} "
            + $"({Wording.WithUnit(Figures.Interval(b.Mean, b.CiLow, b.CiHigh), evidence.Headline.Unit)}, "
            + $"the best of {b.Of.ToString(CultureInfo.InvariantCulture)} and so optimistic)");
        string more = best.Count > Evidence.Handful ? $"; {best.Count - Evidence.Handful} more data sets below" : "";
        return $"Best {metric} of the search: {string.Join("; ", each)}{more}.";
    }

    private static string Seeds(int count) => count == 1 ? "1 seed" : $"{count.ToString(CultureInfo.InvariantCulture)} seeds";
}
