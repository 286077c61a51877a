using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>How the distance from the truth level at the end depends on the width, at one place.</summary>
/// <param name="Narrow">The narrowest width.</param>
/// <param name="Wide">The widest.</param>
/// <param name="Arms">Arms with a value at every width, in the order of importance.</param>
internal sealed record WidthTrend(string Narrow, string Wide, IReadOnlyList<ArmTrend> Arms)
{
    public static WidthTrend Of(Evidence evidence, JsonObject place, IReadOnlyList<JsonNode> widths)
    {
        List<ArmTrend> arms = [];
        Func<long, double?>? baseline = null;
        foreach (string arm in evidence.Arms)
        {
            TrialCell[] cells = [.. widths.Select(w => evidence.Cell(place, arm, w)).OfType<TrialCell>()];
            double[] gaps = [.. cells.Select(c => MeanGap(evidence.Table, c)).OfType<double>()];
            if (gaps.Length < widths.Count)
                continue;
            double? Growth(long seed) => Gap(cells[0], seed) - Gap(cells[^1], seed);
            MeanInterval? growth = Over(evidence.Table.Seeds, Growth), advantage = null;
            if (Evidence.Same(arm, evidence.Arms[0]))
                baseline = Growth;
            else if (baseline is not null)
                advantage = Over(evidence.Table.Seeds, seed => baseline(seed) - Growth(seed));
            arms.Add(new ArmTrend(arm, gaps, growth, advantage));
        }

        return new WidthTrend(AxisText.Of(widths[0]), AxisText.Of(widths[^1]), arms);
    }

    private static MeanInterval? Over(IReadOnlyList<long> seeds, Func<long, double?> value)
    {
        double[] values = [.. seeds.Select(value).OfType<double>()];
        return values.Length > 1 ? MeanInterval.Of(values) : null;
    }

    private static double? MeanGap(TrialTable table, TrialCell cell)
    {
        double?[] gaps = [.. table.Seeds.Where(cell.BySeed.ContainsKey).Select(seed => Gap(cell, seed))];
        return gaps.All(g => g is not null) ? gaps.Average() : null;
    }

    /// <summary>Distance from the truth level; null where the trial, its value or its truth level is missing.</summary>
    private static double? Gap(TrialCell cell, long seed) =>
        cell.BySeed.GetValueOrDefault(seed) is { } trial && Score.Of(trial, MetricCatalog.LogLikelihood).Excess is { } excess ? Math.Abs(excess) : null;
}
