using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What the report says of a search's results.</summary>
internal static class SearchReport
{
    private const string Dataset = "dataset";

    /// <summary>Null of a grid.</summary>
    public static SearchSection? Of(SweepSpec spec, TrialTable table) => spec.Search is not { } search ? null
        : new SearchSection(search.Method, search.Groups, search.Seed, Shown(table, spec.Compare))
        {
            Trends = SearchTrends.Of(table, spec.Compare),
            Importance = Importance(table, spec.Compare.Metric),
        };

    private static SearchImportance[] Importance(TrialTable table, string metric)
    {
        int set = table.AxisIndex(Dataset);
        int[] varying = [.. Enumerable.Range(0, table.Axes.Count).Where(i => i != set && table.Axes[i].Values.Count > 1)];
        if (varying.Length == 0)
            return [];
        return [.. table.Cells.GroupBy(c => c.Place[set]).Select(cells =>
        {
            TrialCell[] there = [.. cells];
            IEnumerable<(int, IReadOnlyList<double>)> axes = varying.Select(i => (table.Axes[i].Range is null ? table.Axes[i].Values.Count : 0,
                (IReadOnlyList<double>)[.. there.Select(c => table.Axes[i].Range is null ? c.Place[i] : SearchTrends.Share(table.Axes[i], c.Place[i]))]));
            string dataset = table.Axes[set].Values.Count > 1 ? AxisText.Of(table.Axes[set].Values[cells.Key]) : "";
            int sign = Sign(metric);
            return PedAnova.Of([.. axes], [.. there.Select(c => Merit(c, table.Seeds, metric, sign))]) is { } effects
                ? new SearchImportance(dataset, there.Length,
                    [.. effects.Select((e, i) => new SearchEffect(table.Axes[varying[i]].Name, e.Share, e.Divergence, e.Chance, e.P))], null)
                : new SearchImportance(dataset, there.Length, [], $"{there.Length} settings are too few: {PedAnova.LeastSettings} are the least");
        })];
    }

    private static int Sign(string metric) => MetricCatalog.Info(metric).Better == MetricCatalog.Lower ? -1 : 1;

    private static string[] Shown(TrialTable table, CompareSpec compare)
    {
        int sign = Sign(compare.Metric);
        return
        [
            .. table.Cells.GroupBy(c => (AxisText.Of(c.Axes[Dataset]), AxisText.Of(c.Axes[compare.Axis])))
                .Select(cells => cells.MaxBy(c => Merit(c, table.Seeds, compare.Metric, sign))!.BySeed.Values.First().Trial.Id),
        ];
    }

    private static double Merit(TrialCell cell, IReadOnlyList<long> seeds, string metric, int sign)
    {
        double?[] scores = [.. seeds.Select(s => cell.BySeed.TryGetValue(s, out CompletedTrial? trial) ? Score.Of(trial, metric).Value : null)];
        return scores.All(s => s is not null) ? sign * scores.Average()!.Value : double.NegativeInfinity;
    }
}
