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
            + $"pair.{(search.Trends.Count > 0 ? " " + Slopes : "")}";
    }

    /// <summary>How slopes are made.</summary>
    public const string Slopes = "Along ranges there are slopes, for each data set and arm: a least-squares regression on all ranges and other lists together, "
        + "whose 95% intervals take settings and seeds for random draws (two-way, Satterthwaite); they are exploratory, not adjusted for their number, and the "
        + "slope of a bend is that of the straight line nearest to it.";

    /// <summary>What shares are of.</summary>
    public const string Shares = "Which axes the best quarter of the settings differs in from all of them (PED-ANOVA, arXiv 2304.10255, less what as many "
        + "settings picked at random differ in): shares of what is beyond chance. p: the share of 400 such picks that differ as much. Exploratory.";

    /// <summary>The slopes whose intervals leave out zero; null without a regression.</summary>
    internal static string? Certain(SearchSection search, MetricInfo metric)
    {
        (SearchTrend Trend, SearchSlope Slope)[] all = [.. search.Trends.SelectMany(t => t.Slopes.Select(s => (t, s)))];
        if (all.Length == 0)
            return null;
        (SearchTrend Trend, SearchSlope Slope)[] sure = [.. all.Where(s => s.Slope.Change is { CiLow: > 0 } or { CiHigh: < 0 })];
        string what = MetricInfo.InSentence(metric.Label);
        if (sure.Length == 0)
            return $"No slope of {what} along a range leaves out zero ({all.Length} slopes).";
        IEnumerable<string> each = sure.OrderByDescending(s => Math.Abs(s.Slope.Change.Mean!.Value)).Take(Evidence.Handful).Select(s =>
            $"{s.Slope.Axis}{Where(s.Trend)} {Change(s.Slope.Change, metric)}");
        string more = sure.Length > Evidence.Handful ? $", and {sure.Length - Evidence.Handful} more" : "";
        return $"From the least to the largest value of a range {what} changes with {string.Join("; ", each)}{more} ({sure.Length} of {all.Length} slopes "
            + "leave out zero; exploratory).";
    }

    private static string Change(DifferenceSection change, MetricInfo metric) =>
        Wording.WithUnit(Figures.Interval(change.Mean!.Value, change.CiLow, change.CiHigh), metric.Unit);

    private static string Where(SearchTrend trend) =>
        string.Join("", new[] { trend.Dataset, trend.Arm }.Where(n => n.Length > 0).Select((n, i) => i == 0 ? $" ({n}" : $", {n}")) is { Length: > 0 } words
            ? words + ")" : "";

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
