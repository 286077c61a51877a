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

    public const string Undecided = "undecided";

    private readonly SweepSpec _spec;
    private readonly Dictionary<string, Contrast> _energy;

    /// <param name="families">All, as suspicion of a collapse looks at another metric.</param>
    /// <param name="spec">The sweep.</param>
    public Verdicts(IReadOnlyList<ContrastFamily> families, SweepSpec spec)
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
                secondary.Add(new SecondaryFamily(family.Metric, family.Size, sections.Count(s => !Same(s.Verdict, Undecided))));
        }

        return (comparisons, primary! with { Secondary = secondary });
    }

    /// <summary>How the primary family was judged.</summary>
    public FamilySection Section(ContrastFamily family, ComparisonSection[] sections, bool moderated) => new()
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
        SmallestEffect = FamilyWords.SmallestEffect(_spec.Seeds.Count, family.Size * LookSection.FactorOf(_spec.Looks.Count + 1, _spec.Looks.Count + 1)),
        Looks = LookSection.Of(_spec),
    };

    private (ComparisonSection[] Sections, bool Moderated) Judge(ContrastFamily family)
    {
        IReadOnlyList<Contrast> contrasts = family.Contrasts;
        (double?[] p, bool moderated) = Test(contrasts);
        if (family.Earlier.Count == 0)
        {
            double[] adjusted = Holm.Adjust(p, family.Size);
            return ([.. contrasts.Select((c, i) => Section(c, family.Primary, p[i], adjusted[i]))], moderated);
        }

        Look[] looks = [.. family.Earlier.Select(then => At(contrasts, then, family.Size)), new Look([.. contrasts], p, Holm.Adjust(p, family.Size))];

        // A comparison without a test now keeps its place at p = 1, whatever it had before.
        (double P, int Look)?[] sequential =
            [.. p.Select((now, i) => now is null ? null : SequentialP.Of([.. looks.Select(look => look.P[i])], SequentialP.UndeclaredWeight))];
        double[] corrected = Holm.Adjust([.. sequential.Select(s => s?.P)], family.Size);
        return ([.. contrasts.Select((contrast, i) =>
        {
            ComparisonSection section = Section(contrast, family.Primary, p[i], corrected[i]) with
            {
                PSequential = sequential[i]?.P, Look = sequential[i]?.Look,
            };
            int called = Same(section.Verdict, Undecided) ? Array.FindIndex(looks, look => Calls(look, i)) : -1;
            return called < 0 ? section : section with
            {
                Withdrawn = true,
                Reason = string.Join("; ", new[] { Withdrawal(called + 1, looks.Length), section.Reason }.OfType<string>()),
            };
        })], moderated);
    }

    /// <summary>The comparisons as an earlier look had them, tested as if no other look had been taken.</summary>
    private static Look At(IReadOnlyList<Contrast> contrasts, IReadOnlyDictionary<string, Contrast> then, int size)
    {
        Contrast?[] there = [.. contrasts.Select(c => then.GetValueOrDefault(c.PlaceKey))];
        int[] known = [.. Enumerable.Range(0, there.Length).Where(i => there[i] is not null)];
        (double?[] found, _) = Test([.. known.Select(i => there[i]!)]);
        double?[] p = new double?[there.Length];
        for (int j = 0; j < known.Length; j++)
            p[known[j]] = found[j];
        return new Look(there, p, Holm.Adjust(p, size));
    }

    private bool Calls(Look look, int comparison) =>
        look.Contrasts[comparison] is { } contrast && Call(contrast, look.P[comparison], look.Adjusted[comparison]).Winner is not null;

    private static (double?[] P, bool Moderated) Test(IReadOnlyList<Contrast> contrasts)
    {
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

        return (p, moderated);
    }

    /// <summary>A comparison judged by its p-value and its own interval.</summary>
    public ComparisonSection Section(Contrast contrast, bool primary, double? p, double adjusted)
    {
        MeanInterval? interval = contrast.Interval;
        List<string> reasons = contrast.Missing is null ? [] : [contrast.Missing];
        if (contrast.Differences.Count == 1)
            reasons.Add("one seed");
        else if (interval?.Overflows == true)
            reasons.Add("the differences are so large that their interval overflows");
        else if (contrast.Differences.Count > 1 && p is null)
            reasons.Add("the same difference in every seed: no variance to test against");

        (string? winner, string? denial) = Call(contrast, p, adjusted);
        if (denial is not null)
            reasons.Add(denial);

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
            Verdict = winner ?? Undecided,
            Better = contrast.Better,
            Marks = marks.Count > 0 ? marks : null,
            Resplit = Resplit(contrast),
            Reason = reasons.Count > 0 ? string.Join("; ", reasons) : null,
        };
    }

    /// <summary>The side that is called, or why none is although the p-value would; neither where the p-value wouldn't.</summary>
    private (string? Winner, string? Denial) Call(Contrast contrast, double? p, double adjusted)
    {
        if (p is null || !(adjusted < Alpha) || contrast.Better is not { } better)
            return (null, null);
        string? denial = !contrast.Interval!.LeavesOutZero ? "its own interval includes zero" : Collapse(contrast, better);
        return denial is null ? (better, null) : (null, denial);
    }

    private static string Withdrawal(int look, int looks) => look == looks
        ? $"withdrawn: called only without the correction for {looks} looks"
        : $"withdrawn: called at look {look} without the correction for {looks} looks";

    private static ResplitInterval? Resplit(Contrast contrast)
    {
        if (contrast.TestToTrain is not { } ratio || contrast.Differences.Count < 2)
            return null;
        MeanInterval corrected = MeanInterval.OfResplits([.. contrast.Differences], ratio);
        return new ResplitInterval(ratio, corrected.Low, corrected.High);
    }

    /// <summary>Why the side that is better on average may not be called the winner; null when it may, or none is.</summary>
    public string? Suspicion(Contrast contrast) => contrast.Better is { } better ? Collapse(contrast, better) : null;

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

    /// <param name="Contrasts">The family's at this look; null for one that it did not have.</param>
    /// <param name="P">Their p-values.</param>
    /// <param name="Adjusted">The same, adjusted as if this were the only look.</param>
    private sealed record Look(Contrast?[] Contrasts, double?[] P, double[] Adjusted);
}
