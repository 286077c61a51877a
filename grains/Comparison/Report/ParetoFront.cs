using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Quality against cost, or any two metrics: who is on the front, for each data set apart.</summary>
internal static class ParetoFront
{
    private const string Dataset = "dataset";

    /// <summary>Null where the spec asks for none.</summary>
    public static IReadOnlyList<ParetoSection>? Of(TrialTable table, CompareSpec compare)
    {
        if (compare.Pareto is not [var x, var y])
            return null;
        string[] varying = [.. table.Axes.Where(a => a.Values.Count > 1 && a.Name != Dataset).Select(a => a.Name)];
        bool named = table.Axes.Any(a => a.Name == Dataset && a.Values.Count > 1);
        return
        [
            .. table.Cells.GroupBy(c => AxisText.Of(c.Axes[Dataset]), StringComparer.Ordinal)
                .Select(cells => Of(named ? cells.Key : "", [.. cells], table.Seeds, x, y, varying)),
        ];
    }

    private static ParetoSection Of(string dataset, TrialCell[] cells, IReadOnlyList<long> planned, string x, string y, string[] varying)
    {
        long[] seeds = [.. planned.Where(s => cells.Any(c => c.BySeed.ContainsKey(s)))];
        Setting[] settings = [.. cells.Select(c => Setting.Of(c, seeds, x, y)).OfType<Setting>()];
        return new ParetoSection
        {
            Dataset = dataset,
            X = x,
            Y = y,
            Points =
            [
                .. settings.Select(s => new ParetoPoint(
                    [.. varying.Select(a => KeyValuePair.Create(a, s.Cell.Axes[a]?.DeepClone()))], Summary(s.X), Summary(s.Y),
                    !settings.Any(o => o.MeansBeat(s)), settings.Any(o => o.Beats(s)))),
            ],
            LeftOut = cells.Length - settings.Length,
        };
    }

    private static DifferenceSection Summary(double[] values)
    {
        MeanInterval interval = MeanInterval.Of(values);
        return new DifferenceSection(double.IsFinite(interval.Mean) ? interval.Mean : null, interval.Low, interval.High);
    }

    /// <param name="Cell">The setting.</param>
    /// <param name="X">The first metric by seed.</param>
    /// <param name="Y">The second.</param>
    /// <param name="GoodX">The first by seed so that more is better.</param>
    /// <param name="GoodY">The second likewise.</param>
    private sealed record Setting(TrialCell Cell, double[] X, double[] Y, double[] GoodX, double[] GoodY)
    {
        public static Setting? Of(TrialCell cell, long[] seeds, string x, string y)
        {
            CompletedTrial?[] trials = [.. seeds.Select(cell.BySeed.GetValueOrDefault)];
            return Read(trials, x) is { } one && Read(trials, y) is { } other ? new Setting(cell, one.Raw, other.Raw, one.Good, other.Good) : null;
        }

        public bool MeansBeat(Setting other)
        {
            double x = MeanInterval.MeanOf(GoodX) - MeanInterval.MeanOf(other.GoodX), y = MeanInterval.MeanOf(GoodY) - MeanInterval.MeanOf(other.GoodY);
            return x >= 0 && y >= 0 && (x > 0 || y > 0);
        }

        /// <summary>An intersection-union test: both must be shown, so neither needs an adjustment for the other.</summary>
        public bool Beats(Setting other)
        {
            (bool equalX, bool betterX) = Compare(GoodX, other.GoodX);
            (bool equalY, bool betterY) = Compare(GoodY, other.GoodY);
            return (betterX && (betterY || equalY)) || (equalX && betterY);
        }

        private static (bool Equal, bool Better) Compare(double[] a, double[] b)
        {
            double[] differences = [.. a.Zip(b, (p, q) => p - q)];
            return (Array.TrueForAll(differences, d => d == 0), differences.Length > 1 && MeanInterval.Of(differences).Low > 0);
        }

        private static (double[] Raw, double[] Good)? Read(CompletedTrial?[] trials, string metric)
        {
            double sign = string.Equals(MetricCatalog.Info(metric).Better, MetricCatalog.Lower, StringComparison.Ordinal) ? -1 : 1;
            double?[] good = [.. trials.Select(t => t is null ? null : sign * Score.Of(t, metric).Value)];
            return good.Length == 0 || good.Any(g => g is null) ? null
                : ([.. trials.Select(t => Score.Raw(t!, metric).Value!.Value)], [.. good.Select(g => g!.Value)]);
        }
    }
}
