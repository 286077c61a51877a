using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// From contrasts to verdicts. One needs an adjusted p-value below alpha and an own interval that leaves out zero. By a metric that is
/// judged by its truth level, an arm certainly above the truth level (its interval of value minus truth level is positive) wins only while that excess is
/// within the threshold and its energy distance is no worse than the other's: otherwise collapsing onto the modes would win.
/// </summary>
internal static class Verdicts
{
    public const double Alpha = 0.05;

    public static (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Of(
        IReadOnlyList<Contrast> contrasts, string axis, double thresholdNats)
    {
        double?[] p = new double?[contrasts.Count];
        bool moderated = false;
        foreach (IGrouping<string, int> stratum in Enumerable.Range(0, contrasts.Count).GroupBy(i => contrasts[i].Stratum, StringComparer.Ordinal))
        {
            int[] members = [.. stratum];
            (double?[] values, bool pooled) = PairedTest.Moderated([.. members.Select(i => contrasts[i].Differences)]);
            moderated |= pooled;
            for (int j = 0; j < members.Length; j++)
                p[members[j]] = values[j];
        }

        double?[] adjusted = Holm.Adjust(p);
        Dictionary<string, Contrast> energy = contrasts
            .Where(c => string.Equals(c.Metric.Name, MetricCatalog.EnergyDistance, StringComparison.Ordinal))
            .ToDictionary(c => c.PlaceKey, StringComparer.Ordinal);
        ComparisonSection[] comparisons =
        [
            .. contrasts.Select((c, i) => Section(c, axis, p[i], adjusted[i], energy.GetValueOrDefault(c.PlaceKey), thresholdNats)),
        ];
        string test = moderated
            ? "moderated paired t-test over seeds (Smyth 2004; comparisons of one metric lend each other at most one degree of freedom, "
                + "and no variance is taken below its own)"
            : "paired t-test over seeds";
        return (comparisons, new FamilySection(p.Count(v => v is not null), "Holm", Alpha, test));
    }

    private static ComparisonSection Section(
        Contrast contrast, string axis, double? p, double? adjusted, Contrast? energy, double thresholdNats)
    {
        MeanInterval? interval = contrast.Interval;
        List<string> reasons = contrast.Missing is null ? [] : [contrast.Missing];
        if (contrast.Differences.Count == 1)
            reasons.Add("one seed");
        else if (contrast.Differences.Count > 1 && p is null)
            reasons.Add("the same difference in every seed: no variance to test against");

        string verdict = "undecided";
        if (adjusted < Alpha && contrast.Better is { } winner)
        {
            string? denial = !interval!.LeavesOutZero
                ? "its own interval includes zero"
                : Collapse(contrast, winner, energy, thresholdNats);
            if (denial is null)
                verdict = winner;
            else
                reasons.Add(denial);
        }

        return new ComparisonSection
        {
            Axis = axis,
            A = contrast.A,
            B = contrast.B,
            Metric = contrast.Metric.Name,
            Where = contrast.Where,
            AveragedOver = contrast.AveragedOver,
            Seeds = contrast.Differences.Count,
            Difference = new DifferenceSection(interval?.Mean, interval?.Low, interval?.High),
            PValue = p,
            PAdjusted = adjusted,
            Verdict = verdict,
            Better = contrast.Better,
            Reason = reasons.Count > 0 ? string.Join("; ", reasons) : null,
        };
    }

    /// <summary>Why the better side may not be called the winner; null when it may.</summary>
    private static string? Collapse(Contrast contrast, string winner, Contrast? energy, double thresholdNats)
    {
        IReadOnlyList<double> excess = string.Equals(winner, "b", StringComparison.Ordinal) ? contrast.ExcessB : contrast.ExcessA;
        if (excess.Count < 2 || MeanInterval.Of([.. excess]) is not { Low: > 0 } above)
            return null;
        string name = string.Equals(winner, "b", StringComparison.Ordinal) ? contrast.B : contrast.A;
        if (above.Mean > thresholdNats)
            return $"{name} lies above the truth level by more than the threshold: suspected mode collapse";
        return !MetricCatalog.IsReadOff(contrast.Metric.Name) && energy?.Better is { } other
            && !string.Equals(other, winner, StringComparison.Ordinal)
            ? $"{name} lies above the truth level and its energy distance is worse: suspected mode collapse"
            : null;
    }
}
