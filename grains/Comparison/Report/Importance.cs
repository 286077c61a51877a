using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// Which axes matter, in numbers, for each data set apart: across data sets the hardest alone would decide. Of what comparisons compare: the metric, or minus
/// the distance from the truth level.
/// </summary>
internal static class Importance
{
    private const string Dataset = "dataset";

    /// <summary>Null where no axis but the data set varies.</summary>
    public static IReadOnlyList<ImportanceSection>? Of(TrialTable table, string metric)
    {
        int[] varying = [.. Enumerable.Range(0, table.Axes.Count).Where(i => table.Axes[i].Values.Count > 1 && table.Axes[i].Name != Dataset)];
        int dataset = table.AxisIndex(Dataset);
        if (varying.Length == 0 || table.Cells.Count == 0)
            return null;
        int sets = dataset < 0 ? 1 : table.Axes[dataset].Values.Count;
        return
        [
            .. Enumerable.Range(0, sets).Select(set => Of(
                sets > 1 ? AxisText.Of(table.Axes[dataset].Values[set]) : "", table, [.. table.Cells.Where(c => dataset < 0 || c.Place[dataset] == set)],
                varying, metric)),
        ];
    }

    private static ImportanceSection Of(string dataset, TrialTable table, TrialCell[] cells, int[] varying, string metric)
    {
        int[] levels = [.. varying.Select(i => table.Axes[i].Values.Count)];
        int settings = levels.Aggregate(1, (n, l) => n * l);
        Dictionary<long, double>[] values = [.. cells.Select(c => Values(c, metric))];
        long[] seeds = cells.Length < settings ? [] : [.. table.Seeds.Where(s => Array.TrueForAll(values, v => v.ContainsKey(s)))];
        ImportanceSection without = new() { Dataset = dataset, Seeds = seeds };
        if (seeds.Length < 2)
        {
            TrialCell? lacking = cells.Zip(values).FirstOrDefault(c => table.Seeds.Count(c.Second.ContainsKey) < 2).First;
            string who = lacking is null || table.Seeds.Count < 2 ? "" : $" (fewer in {AxisText.Place(lacking.Axes, varying.Select(i => table.Axes[i].Name))})";
            return without with { Reason = $"fewer than two seeds have a value in all {settings} settings{who}" };
        }

        FactorialAnova? found = FactorialAnova.Of(levels, [.. values.Select(v => seeds.Select(s => v[s]).ToArray())]);
        return found is null
            ? without with { Reason = "nothing varies, or its squares leave the range of numbers" }
            : without with
            {
                Effects =
                [
                    .. found.Effects.Select(e => new ImportanceEffect(
                        [.. e.Factors.Select(f => table.Axes[varying[f]].Name)], e.Degrees, e.F, e.P, e.Share, e.Low, e.High)),
                ],
                SeedShare = found.Seeds,
                ErrorShare = found.Error,
                ErrorDegrees = found.ErrorDegrees,
            };
    }

    private static Dictionary<long, double> Values(TrialCell cell, string metric)
    {
        Dictionary<long, double> values = [];
        foreach ((long seed, CompletedTrial trial) in cell.BySeed)
        {
            if (Score.Of(trial, metric).Value is { } value)
                values.Add(seed, value);
        }

        return values;
    }
}
