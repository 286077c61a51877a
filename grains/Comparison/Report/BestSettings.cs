using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Of each data set the setting with the best mean, and what can't be told apart from it.</summary>
internal static class BestSettings
{
    private const string Dataset = "dataset";

    /// <summary>Settings beside the best that are named.</summary>
    private const int MaxNamed = 20;

    private static readonly string[] Seconds = ["train_seconds", "sample_seconds"];

    /// <summary>In the spec's order; without data sets on which no setting has a value in every seed.</summary>
    /// <param name="table">The results.</param>
    /// <param name="metric">The metric of <c>compare</c>.</param>
    /// <param name="looks">Looks that were taken, this one included: what is not told apart is judged by the present results, at this look's level.</param>
    public static IReadOnlyList<BestSetting> Of(TrialTable table, string metric, int looks = 1)
    {
        double weight = 1.0 / LookSection.FactorOf(looks, looks);
        string[] varying = [.. table.Axes.Where(a => a.Values.Count > 1 && !Same(a.Name, Dataset)).Select(a => a.Name)];
        bool named = table.Axes.Any(a => Same(a.Name, Dataset) && a.Values.Count > 1);
        return
        [
            .. table.Cells.GroupBy(c => AxisText.Of(c.Axes[Dataset]), StringComparer.Ordinal)
                .Select(cells => Of(named ? cells.Key : "", [.. cells], metric, varying, weight)).OfType<BestSetting>(),
        ];
    }

    private static BestSetting? Of(string dataset, TrialCell[] cells, string metric, string[] varying, double weight)
    {
        long[] seeds = [.. cells.SelectMany(c => c.BySeed.Keys).Distinct().Order()];
        Candidate[] candidates = [.. cells.Select(c => Candidate.Of(c, metric, seeds)).OfType<Candidate>()];
        if (candidates.Length == 0)
            return null;
        int sign = Same(MetricCatalog.Info(metric).Better, MetricCatalog.Lower) ? -1 : 1;
        Candidate best = candidates.MaxBy(c => sign * c.Scores.Average())!;
        Candidate[] others = [.. candidates.Where(c => c != best)];
        double[][] differences = [.. others.Select(o => best.Scores.Zip(o.Scores, (x, y) => sign * (x - y)).ToArray())];
        (double?[] p, _) = PairedTest.Moderated(differences);

        // Whichever setting had come out best would have been tested against the others.
        double[] adjusted = Holm.Adjust([.. p.Select(v => v / weight)], candidates.Length * (candidates.Length - 1) / 2);
        RivalSetting[] open =
        [
            .. others.Select((o, i) => new RivalSetting(Only(o.Cell, varying), o.Values.Average(), Difference(differences[i]), adjusted[i]))
                .Where(r => r.PAdjusted >= Verdicts.Alpha).OrderBy(r => r.Difference.Mean),
        ];
        MeanInterval mean = MeanInterval.Of(best.Values);
        return new BestSetting
        {
            Dataset = dataset,
            Axes = Only(best.Cell, varying),
            Of = candidates.Length,
            LeftOut = cells.Length - candidates.Length,
            Seeds = seeds.Length,
            Mean = mean.Mean,
            CiLow = mean.Low,
            CiHigh = mean.High,
            TruthLevel = Mean(best.Cell.BySeed.Values.Select(t => Score.Raw(t, metric).TruthLevel)),
            TrialSeconds = Mean(best.Cell.BySeed.Values.Select(Took)),
            NotToldApart = open.Length,
            Nearest = [.. open.Take(MaxNamed)],
        };
    }

    private static DifferenceSection Difference(double[] differences)
    {
        MeanInterval interval = MeanInterval.Of(differences);
        return new DifferenceSection(interval.Mean, interval.Low, interval.High);
    }

    private static double? Took(CompletedTrial trial)
    {
        double[] parts = [.. Seconds.Select(s => trial.Result.Metrics.GetValueOrDefault(s)?.Value).OfType<double>()];
        return parts.Length == 0 ? null : parts.Sum();
    }

    private static double? Mean(IEnumerable<double?> values)
    {
        double?[] all = [.. values];
        return all.Length > 0 && Array.TrueForAll(all, v => v is not null) ? all.Average() : null;
    }

    private static JsonObject Only(TrialCell cell, string[] axes) => [.. axes.Select(a => KeyValuePair.Create(a, cell.Axes[a]?.DeepClone()))];

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    /// <param name="Cell">The setting.</param>
    /// <param name="Values">Of the metric, by seed.</param>
    /// <param name="Scores">The same as comparisons see it.</param>
    private sealed record Candidate(TrialCell Cell, double[] Values, double[] Scores)
    {
        /// <summary>Null where a seed has no value.</summary>
        public static Candidate? Of(TrialCell cell, string metric, long[] seeds)
        {
            CompletedTrial?[] trials = [.. seeds.Select(cell.BySeed.GetValueOrDefault)];
            double?[] scores = [.. trials.Select(t => t is null ? null : Score.Of(t, metric).Value)];
            return scores.Any(s => s is null) ? null
                : new Candidate(cell, [.. trials.Select(t => Score.Raw(t!, metric).Value!.Value)], [.. scores.Select(s => s!.Value)]);
        }
    }
}
