using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What the report says of a search's results.</summary>
internal static class SearchReport
{
    /// <summary>Null of a grid.</summary>
    public static SearchSection? Of(SweepSpec spec, TrialTable table) => spec.Search is not { } search ? null
        : new SearchSection(search.Method, search.Groups, search.Seed, Shown(table, spec.Compare));

    private static string[] Shown(TrialTable table, CompareSpec compare)
    {
        int sign = MetricCatalog.Info(compare.Metric).Better == MetricCatalog.Lower ? -1 : 1;
        return
        [
            .. table.Cells.GroupBy(c => (AxisText.Of(c.Axes["dataset"]), AxisText.Of(c.Axes[compare.Axis])))
                .Select(cells => cells.MaxBy(c => Merit(c, table.Seeds, compare.Metric, sign))!.BySeed.Values.First().Trial.Id),
        ];
    }

    private static double Merit(TrialCell cell, IReadOnlyList<long> seeds, string metric, int sign)
    {
        double?[] scores = [.. seeds.Select(s => cell.BySeed.TryGetValue(s, out CompletedTrial? trial) ? Score.Of(trial, metric).Value : null)];
        return scores.All(s => s is not null) ? sign * scores.Average()!.Value : double.NegativeInfinity;
    }
}
