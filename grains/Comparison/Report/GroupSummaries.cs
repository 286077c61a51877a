using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Summaries of cells over seeds.</summary>
internal static class GroupSummaries
{
    /// <param name="cell">The trials that completed.</param>
    /// <param name="seeds">Those that it was given.</param>
    /// <param name="named">Metrics that the spec names: of these the derived ones are summed up too.</param>
    /// <param name="alpha">Of the intervals.</param>
    public static GroupSection Of(TrialCell cell, IReadOnlyList<long> seeds, IReadOnlyList<string> named, double alpha = MeanInterval.Alpha)
    {
        CompletedTrial[] trials = [.. seeds.Where(cell.BySeed.ContainsKey).Select(seed => cell.BySeed[seed])];
        Dictionary<string, MetricSummary> metrics = new(StringComparer.Ordinal);
        IEnumerable<string> derived = named.Where(n => MetricCatalog.Entry(n) is { Derived: true } && !MetricCatalog.IsReadOff(n));
        foreach (string name in MetricCatalog.InOrder(trials.SelectMany(t => t.Result.Metrics.Keys).Concat(derived)))
            metrics[name] = Metric([.. trials.Select(t => Score.Raw(t, name))], alpha);

        Dictionary<string, CurveSummary> curves = new(StringComparer.Ordinal);
        foreach (string name in trials.SelectMany(t => t.Result.Curves.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            curves[name] = Curve(name, [.. trials.Where(t => t.Result.Curves.ContainsKey(name))], alpha);

        return new GroupSection
        {
            Axes = (JsonObject)cell.Axes.DeepClone(),
            Flat = cell.Axes.ToDictionary(a => a.Key, a => JsonSerializer.SerializeToElement(a.Value), StringComparer.Ordinal),
            Seeds = [.. trials.Select(t => t.Trial.Seed)],
            TrialIds = [.. trials.Select(t => t.Trial.Id)],
            Metrics = metrics,
            Curves = curves,
            Notes = Notes(trials, seeds),
        };
    }

    /// <summary>Mean, interval and truth level over seeds.</summary>
    internal static MetricSummary Metric(IReadOnlyList<MetricValue> values, double alpha = MeanInterval.Alpha)
    {
        double?[] perSeed = [.. values.Select(v => v.Value is { } x && double.IsFinite(x) ? x : (double?)null)];
        double[] truthLevels = [.. values.Where(v => v.TruthLevel is { } f && double.IsFinite(f)).Select(v => v.TruthLevel!.Value)];
        double? truthLevel = truthLevels.Length > 0 && double.IsFinite(MeanInterval.MeanOf(truthLevels)) ? MeanInterval.MeanOf(truthLevels) : null;
        int missing = perSeed.Count(v => v is null);
        if (missing > 0 || perSeed.Length == 0)
        {
            IEnumerable<string> reasons = values.Where((_, i) => perSeed[i] is null)
                .Select(v => v.Reason ?? "not finite").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            string where = missing == perSeed.Length ? "" : $" in {missing} of {perSeed.Length} seeds";
            return new MetricSummary
            {
                Mean = null, CiLow = null, CiHigh = null, PerSeed = perSeed, TruthLevel = truthLevel, Reason = string.Join("; ", reasons) + where,
            };
        }

        MeanInterval interval = MeanInterval.Of([.. perSeed.Select(v => v!.Value)], alpha);
        return new MetricSummary
        {
            Mean = double.IsFinite(interval.Mean) ? interval.Mean : null,
            CiLow = interval.Low,
            CiHigh = interval.High,
            PerSeed = perSeed,
            TruthLevel = truthLevel,
            Reason = interval.Overflows ? "the interval is beyond the range of numbers" : perSeed.Length == 1 ? "one seed" : null,
        };
    }

    /// <summary>
    /// Point by point over seeds. A curve that can't be one, damaged or forged, leaves its group without this curve, and the reason names its trial.
    /// </summary>
    internal static CurveSummary Curve(string name, IReadOnlyList<CompletedTrial> trials, double alpha = MeanInterval.Alpha)
    {
        float[][] curves = [.. trials.Select(t => t.Result.Curves[name])];
        int length = curves[0].Length;
        int odd = Array.FindIndex(curves, c => c.Length != length);
        string? damaged = odd >= 0
            ? $"{name} of trial {trials[odd].Trial.Id} has {curves[odd].Length} points, of trial {trials[0].Trial.Id} {length}; allowed: as many"
            : null;
        CurveAxis? axis = damaged is null ? CurveAxis.TryOf(name, trials[0].Trial, length, out damaged) : null;
        if (axis is null)
            return new CurveSummary { Mean = [], CiLow = [], CiHigh = [], Reason = damaged };

        float?[] mean = new float?[length], low = new float?[length], high = new float?[length];
        double[] column = new double[curves.Length];
        int broken = 0, overflowing = 0;
        for (int i = 0; i < length; i++)
        {
            for (int s = 0; s < curves.Length; s++)
                column[s] = curves[s][i];
            if (!column.All(double.IsFinite))
            {
                broken++;
                continue;
            }

            MeanInterval interval = MeanInterval.Of(column, alpha);
            (mean[i], low[i], high[i]) = (Finite(interval.Mean), Finite(interval.Low), Finite(interval.High));
            overflowing += curves.Length > 1 && (low[i] is null || high[i] is null) ? 1 : 0;
        }

        bool loss = string.Equals(name, CurveNames.TrainingLoss, StringComparison.Ordinal);
        MetricEntry? entry = CurveCatalog.Find(name);
        bool placed = !loss && axis.Kind != CurveAxis.ReverseStep;
        return new CurveSummary
        {
            X = placed ? axis.X : null,
            XKind = placed ? axis.Kind : null,
            Mean = mean,
            CiLow = low,
            CiHigh = high,
            StepSize = loss && length > 0
                ? (double)trials[0].Trial.Training.Steps / length
                : null,
            Least = entry?.Least,
            Most = entry?.Most,
            Reason = broken > 0 ? $"{broken} of {length} points are not finite in every seed"
                : overflowing > 0 ? $"the intervals of {overflowing} of {length} points are beyond the range of numbers"
                : curves.Length == 1 ? "one seed" : null,
        };
    }

    // An interval of finite single-precision values can leave their range.
    private static float? Finite(double? value) => value is { } v && float.IsFinite((float)v) ? (float)v : null;

    private static List<string> Notes(IReadOnlyList<CompletedTrial> trials, IReadOnlyList<long> seeds)
    {
        List<string> notes = [];
        foreach (string note in trials.SelectMany(t => t.Result.Notes).Distinct(StringComparer.Ordinal))
        {
            long[] with = [.. trials.Where(t => t.Result.Notes.Contains(note, StringComparer.Ordinal)).Select(t => t.Trial.Seed)];
            notes.Add(with.Length == seeds.Count ? note : $"{note} ({SeedList(with)})");
        }

        long[] missing = [.. seeds.Except(trials.Select(t => t.Trial.Seed))];
        if (missing.Length > 0)
            notes.Add($"no result for {SeedList(missing)}");
        return notes;
    }

    private static string SeedList(long[] seeds) => $"{(seeds.Length == 1 ? "seed" : "seeds")} {string.Join(", ", seeds)}";
}
