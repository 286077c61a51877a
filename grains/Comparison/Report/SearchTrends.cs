using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Regressions along a search's ranges.</summary>
internal static class SearchTrends
{
    private const string Dataset = "dataset";

    /// <summary>By data set and arm, in the spec's order; empty where nothing is a range.</summary>
    /// <param name="table">The results.</param>
    /// <param name="compare">Whose axis has the arms.</param>
    public static IReadOnlyList<SearchTrend> Of(TrialTable table, CompareSpec compare)
    {
        int[] ranges = [.. Enumerable.Range(0, table.Axes.Count).Where(i => table.Axes[i].Range is not null)];
        if (ranges.Length == 0)
            return [];
        int set = table.AxisIndex(Dataset), arm = table.AxisIndex(compare.Axis);
        int[] lists = [.. Enumerable.Range(0, table.Axes.Count).Where(i => i != set && i != arm && table.Axes[i].Range is null)];
        return
        [
            .. table.Cells.GroupBy(c => (c.Place[set], c.Place[arm])).Select(cells => Of(
                Name(table.Axes[set], cells.Key.Item1), Name(table.Axes[arm], cells.Key.Item2), [.. cells], table, ranges, lists, compare.Metric)),
        ];
    }

    private static SearchTrend Of(string dataset, string arm, TrialCell[] cells, TrialTable table, int[] ranges, int[] lists, string metric)
    {
        (TrialCell Cell, double?[] Values)[] read =
            [.. cells.Select(c => (c, table.Seeds.Select(s => c.BySeed.TryGetValue(s, out CompletedTrial? t) ? Score.Of(t, metric).Value : null).ToArray()))];
        (TrialCell Cell, double[] Values)[] settings =
            [.. read.Where(r => r.Values.All(v => v is not null)).Select(r => (r.Cell, r.Values.Select(v => v!.Value).ToArray()))];
        SearchTrend without = new()
        {
            Dataset = dataset, Arm = arm, Settings = settings.Length, LeftOut = cells.Length - settings.Length, Seeds = table.Seeds.Count,
        };

        // Coordinates from 0 to 1 over each range, so that no unit makes the design singular; a list is a column for each value but the first.
        Func<TrialCell, double>[] columns =
        [
            _ => 1,
            .. ranges.Select(axis => (Func<TrialCell, double>)(c => Share(table.Axes[axis], c.Place[axis]))),
            .. lists.SelectMany(axis => settings.Select(s => s.Cell.Place[axis]).Distinct().Order().Skip(1)
                .Select(value => (Func<TrialCell, double>)(c => c.Place[axis] == value ? 1 : 0))),
        ];
        if (settings.Length <= columns.Length)
            return without with { Reason = $"{settings.Length} settings with a value in every seed are too few for {columns.Length} coefficients" };
        if (ClusteredRegression.Of([.. settings.Select(s => columns.Select(c => c(s.Cell)).ToArray())], [.. settings.Select(s => s.Values)]) is not { } fit)
            return without with { Reason = "the settings don't tell the axes apart, or their values leave the range of numbers" };
        return without with { Slopes = [.. ranges.Select((axis, i) => Slope(table.Axes[axis], fit, i + 1, columns.Length))] };
    }

    private static SearchSlope Slope(SweepAxis axis, ClusteredRegression fit, int column, int columns)
    {
        double[] contrast = new double[columns];
        contrast[column] = 1;
        MeanInterval change = fit.Contrast(contrast);
        AxisRange range = axis.Range!;
        double span = range.Coordinate(range.To) - range.Coordinate(range.From);
        string per = range.Scale switch { AxisRange.Log => "factor of 10", AxisRange.Log2 => "doubling", _ => "unit" };
        return new SearchSlope(axis.Name, per, new DifferenceSection(change.Mean / span, change.Low / span, change.High / span),
            new DifferenceSection(change.Mean, change.Low, change.High));
    }

    /// <summary>Where a value is on its range's scale, from 0 to 1.</summary>
    public static double Share(SweepAxis axis, int place)
    {
        AxisRange range = axis.Range!;
        double low = range.Coordinate(range.From);
        return (range.Coordinate(AxisText.Number(axis.Values[place])!.Value) - low) / (range.Coordinate(range.To) - low);
    }

    private static string Name(SweepAxis axis, int place) => axis.Values.Count > 1 ? AxisText.Of(axis.Values[place]) : "";
}
