using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The report's family of comparisons, fixed by the spec before any result: the baseline of the compared axis with each other value, for
/// the headline metric, the log-likelihood at its end and after 20% of the reverse steps, energy distance and sliced Wasserstein-2; in every full group, and for every
/// dataset and schedule averaged over the other axes within each seed, so that seeds stay the unit of replication.
/// </summary>
internal static class Contrasts
{
    /// <summary>"Early" is this share of the reverse steps.</summary>
    private const double EarlyShare = 0.2;

    private static readonly string[] PlaceAxes = ["dataset", "schedule"];

    public static IReadOnlyList<Contrast> Of(TrialTable table, CompareSpec compare)
    {
        int axis = table.AxisIndex(compare.Axis);
        if (axis < 0)
            return [];
        string[] labels = [.. table.Axes[axis].Values.Select(AxisText.Of)];
        int baseline = Array.IndexOf(labels, compare.Baseline);
        if (baseline < 0)
        {
            throw new ArgumentException(
                $"compare.baseline is not on its axis: {compare.Baseline}; allowed: {string.Join(", ", labels)}", nameof(compare));
        }

        // The other axes' places, in grid order, from all cells of either side.
        int[][] places =
        [
            .. table.Cells.Select(c => With(c.Place, axis, baseline)).DistinctBy(p => string.Join(',', p))
                .Order(Comparer<int[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y))),
        ];
        int[] averaged =
        [
            .. Enumerable.Range(0, table.Axes.Count).Where(i => i != axis && table.Axes[i].Values.Count > 1
                && !PlaceAxes.Contains(table.Axes[i].Name, StringComparer.Ordinal)),
        ];
        List<Contrast> contrasts = [];
        foreach (string metric in Metrics(table, compare.Metric))
        {
            for (int b = 0; b < labels.Length; b++)
            {
                if (b == baseline)
                    continue;
                if (averaged.Length > 0)
                {
                    foreach (IGrouping<string, int[]> level in places.GroupBy(p => string.Join(',', p.Where((_, i) => !averaged.Contains(i)))))
                        Add(Contrast(table, axis, b, labels, metric, [.. level], averaged, Asked(metric)));
                }

                foreach (int[] place in places)
                    Add(Contrast(table, axis, b, labels, metric, [place], [], Asked(metric)));
            }
        }

        return contrasts;

        bool Asked(string metric) => string.Equals(metric, compare.Metric, StringComparison.Ordinal);

        void Add(Contrast? contrast)
        {
            if (contrast is not null)
                contrasts.Add(contrast);
        }
    }

    /// <summary>The name of the early read-off of a curve with so many points; null for a curve too short to have one.</summary>
    internal static string? EarlyName(int points)
    {
        int step = (int)Math.Round(EarlyShare * (points - 1), MidpointRounding.AwayFromZero);
        return step > 0 ? $"{MetricCatalog.LogLikelihood}@{step.ToString(CultureInfo.InvariantCulture)}" : null;
    }

    private static IEnumerable<string> Metrics(TrialTable table, string headline)
    {
        // Where the number of reverse steps is itself an axis, each length has a read-off of its own.
        IEnumerable<string> early = table.Cells.SelectMany(c => c.BySeed.Values)
            .Select(t => t.Result.Curves.TryGetValue(MetricCatalog.LogLikelihood, out float[]? curve) ? EarlyName(curve.Length) : null)
            .OfType<string>().Distinct(StringComparer.Ordinal).OrderBy(n => MetricAddress.Of(n).At);
        return new[] { headline, MetricCatalog.LogLikelihood }.Concat(early)
            .Concat([MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein]).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Null when no trial on either side has the metric at all.</summary>
    private static Contrast? Contrast(
        TrialTable table, int axis, int b, string[] labels, string metric, IReadOnlyList<int[]> places, IReadOnlyList<int> averaged, bool asked)
    {
        List<double> differences = [], excessA = [], excessB = [];
        SortedSet<string> broken = new(StringComparer.Ordinal);
        int left = 0, measured = 0;
        foreach (long seed in table.Seeds)
        {
            double difference = 0, below = 0, above = 0;
            bool complete = true, scored = true, judged = true;
            foreach (int[] place in places)
            {
                CompletedTrial? one = table.At(place)?.BySeed.GetValueOrDefault(seed);
                CompletedTrial? other = table.At(With(place, axis, b))?.BySeed.GetValueOrDefault(seed);
                if (!asked && one is not null && other is not null && !SameStep(one, other, metric))
                    return null;
                Score x = one is null ? default : Score.Of(one, metric), y = other is null ? default : Score.Of(other, metric);
                measured += (x.Value is null ? 0 : 1) + (y.Value is null ? 0 : 1);
                complete &= one is not null && other is not null;
                foreach (string? reason in new[] { x.Reason, y.Reason })
                {
                    if (reason is not null)
                        broken.Add(reason);
                }

                if (x.Value is { } u && y.Value is { } v)
                    difference += (v - u) / places.Count;
                else
                    scored = false;
                judged &= x.Excess is not null && y.Excess is not null;
                below += (x.Excess ?? 0) / places.Count;
                above += (y.Excess ?? 0) / places.Count;
            }

            if (!complete)
                left++;
            if (!complete || !scored)
                continue;
            differences.Add(difference);
            if (!judged)
                continue;
            excessA.Add(below);
            excessB.Add(above);
        }

        if (measured == 0)
            return null;

        // A missing trial (failed, cancelled) is missing for reasons kept apart; a completed trial without a value (NaN, never) is itself a
        // result, and leaving it out would flatter the side that diverged.
        if (broken.Count > 0)
        {
            differences.Clear();
            excessA.Clear();
            excessB.Clear();
        }

        return new Contrast
        {
            A = labels[places[0][axis]],
            B = labels[b],
            Metric = MetricCatalog.Info(metric),
            Where = Where(table, axis, places[0], averaged),
            AveragedOver = [.. averaged.Select(i => table.Axes[i].Name)],
            Differences = differences,
            ExcessA = excessA,
            ExcessB = excessB,
            Missing = broken.Count > 0 ? string.Join("; ", broken)
                : left > 0 ? $"{left} of {table.Seeds.Count} seeds left out: a trial has no result" : null,
        };
    }

    /// <summary>
    /// Whether a read-off means the same share of the way on both sides. Only for those that nobody asked for: what <c>compare.metric</c> names is read at that
    /// step whatever the curves' lengths.
    /// </summary>
    private static bool SameStep(CompletedTrial one, CompletedTrial other, string metric) =>
        !MetricCatalog.IsReadOff(metric) || (Length(one) is { } n && n == Length(other) && string.Equals(EarlyName(n), metric, StringComparison.Ordinal));

    private static int? Length(CompletedTrial trial) =>
        trial.Result.Curves.TryGetValue(MetricCatalog.LogLikelihood, out float[]? curve) ? curve.Length : null;

    private static JsonObject Where(TrialTable table, int axis, int[] place, IReadOnlyList<int> averaged)
    {
        JsonObject where = [];
        for (int i = 0; i < place.Length; i++)
        {
            if (i != axis && !averaged.Contains(i))
                where[table.Axes[i].Name] = table.Axes[i].Values[place[i]].DeepClone();
        }

        return where;
    }

    private static int[] With(int[] place, int axis, int value)
    {
        int[] copy = [.. place];
        copy[axis] = value;
        return copy;
    }
}
