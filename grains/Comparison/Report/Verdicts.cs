using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// From contrasts to verdicts. One needs a p-value below alpha after Holm's adjustment within its family and an own interval that leaves out zero. By a metric
/// that is judged by its truth level, an arm certainly above the truth level (its interval of value minus truth level is positive) wins only while that excess
/// is within the threshold and its energy distance is no worse than the other's: otherwise collapsing onto the modes would win.
/// </summary>
internal sealed class Verdicts
{
    public const double Alpha = SmallestEffect.Alpha;

    private readonly SweepSpec _spec;
    private readonly Dictionary<string, Contrast> _energy;

    private Verdicts(IReadOnlyList<ContrastFamily> families, SweepSpec spec)
    {
        _spec = spec;
        _energy = families.Where(f => Same(f.Metric, MetricCatalog.EnergyDistance)).SelectMany(f => f.Contrasts)
            .ToDictionary(c => c.PlaceKey, StringComparer.Ordinal);
    }

    /// <param name="families">The primary one first.</param>
    /// <param name="spec">The sweep.</param>
    public static (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Of(IReadOnlyList<ContrastFamily> families, SweepSpec spec)
    {
        Verdicts verdicts = new(families, spec);
        List<ComparisonSection> comparisons = [];
        List<SecondaryFamily> secondary = [];
        FamilySection? primary = null;
        foreach (ContrastFamily family in families)
        {
            (ComparisonSection[] sections, bool moderated) = verdicts.Judge(family);
            comparisons.AddRange(sections);
            if (family.Primary)
                primary = verdicts.Section(family, sections, moderated);
            else
                secondary.Add(new SecondaryFamily(family.Metric, family.Size, sections.Count(s => !Same(s.Verdict, "undecided"))));
        }

        return (comparisons, primary! with { Secondary = secondary });
    }

    private FamilySection Section(ContrastFamily family, ComparisonSection[] sections, bool moderated) => new()
    {
        Comparisons = family.Size,
        Method = "Holm",
        Alpha = Alpha,
        Test = moderated
            ? "moderated paired t-test over seeds (Smyth 2004; comparisons of one metric lend each other at most one degree of freedom, "
                + "and no variance is taken below its own)"
            : "paired t-test over seeds",
        Metric = family.Metric,
        Tested = sections.Count(s => s.PValue is not null),
        Seeds = _spec.Seeds.Count,
        SmallestEffect = SmallestEffect.Of(_spec.Seeds.Count, family.Size),
    };

    private (ComparisonSection[] Sections, bool Moderated) Judge(ContrastFamily family)
    {
        IReadOnlyList<Contrast> contrasts = family.Contrasts;
        double?[] p = new double?[contrasts.Count];
        bool moderated = false;

        // Averages vary less than single groups: only what is alike lends variance.
        foreach (IGrouping<bool, int> stratum in Enumerable.Range(0, contrasts.Count).GroupBy(i => contrasts[i].AveragedOver.Count > 0))
        {
            int[] members = [.. stratum];
            (double?[] values, bool pooled) = PairedTest.Moderated([.. members.Select(i => contrasts[i].Differences)]);
            moderated |= pooled;
            for (int j = 0; j < members.Length; j++)
                p[members[j]] = values[j];
        }

        double[] adjusted = Holm.Adjust(p, family.Size);
        return ([.. contrasts.Select((c, i) => Section(c, family.Primary, p[i], adjusted[i]))], moderated);
    }

    private ComparisonSection Section(Contrast contrast, bool primary, double? p, double adjusted)
    {
        MeanInterval? interval = contrast.Interval;
        List<string> reasons = contrast.Missing is null ? [] : [contrast.Missing];
        if (contrast.Differences.Count == 1)
            reasons.Add("one seed");
        else if (interval?.Overflows == true)
            reasons.Add("the differences are so large that their interval overflows");
        else if (contrast.Differences.Count > 1 && p is null)
            reasons.Add("the same difference in every seed: no variance to test against");

        string verdict = "undecided";
        if (p is not null && adjusted < Alpha && contrast.Better is { } winner)
        {
            string? denial = !interval!.LeavesOutZero ? "its own interval includes zero" : Collapse(contrast, winner);
            if (denial is null)
                verdict = winner;
            else
                reasons.Add(denial);
        }

        IReadOnlyList<ComparisonMark> marks = p is null ? [] : ComparisonMark.Of(contrast, _spec.Seeds);
        return new ComparisonSection
        {
            Axis = _spec.Compare.Axis,
            A = contrast.A,
            B = contrast.B,
            Metric = contrast.Metric.Name,
            Family = primary ? FamilySection.Primary : FamilySection.Exploratory,
            Where = contrast.Where,
            AveragedOver = contrast.AveragedOver,
            Seeds = contrast.Differences.Count,
            Difference = new DifferenceSection(Finite(interval?.Mean), interval?.Low, interval?.High),
            PValue = p,
            PAdjusted = adjusted,
            Verdict = verdict,
            Better = contrast.Better,
            Marks = marks.Count > 0 ? marks : null,
            Resplit = Resplit(contrast),
            Reason = reasons.Count > 0 ? string.Join("; ", reasons) : null,
        };
    }

    private static ResplitInterval? Resplit(Contrast contrast)
    {
        if (contrast.TestToTrain is not { } ratio || contrast.Differences.Count < 2)
            return null;
        MeanInterval corrected = MeanInterval.OfResplits([.. contrast.Differences], ratio);
        return new ResplitInterval(ratio, corrected.Low, corrected.High);
    }

    /// <summary>Why the better side may not be called the winner; null when it may.</summary>
    private string? Collapse(Contrast contrast, string winner)
    {
        IReadOnlyList<double> excess = Same(winner, "b") ? contrast.ExcessB : contrast.ExcessA;
        if (excess.Count < 2 || MeanInterval.Of([.. excess]) is not { Low: > 0 } above)
            return null;
        string name = Same(winner, "b") ? contrast.B : contrast.A;
        if (above.Mean > _spec.ThresholdNats)
            return $"{name} lies above the truth level by more than the threshold: suspected mode collapse";
        return !MetricCatalog.IsReadOff(contrast.Metric.Name) && _energy.GetValueOrDefault(contrast.PlaceKey)?.Better is { } other && !Same(other, winner)
            ? $"{name} lies above the truth level and its energy distance is worse: suspected mode collapse"
            : null;
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
