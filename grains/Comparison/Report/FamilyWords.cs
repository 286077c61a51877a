using System.Globalization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What a report and <c>sweep check</c> say of the families of comparisons, in the same words.</summary>
public static class FamilyWords
{
    /// <summary>How many comparisons the primary family of a spec has, before any result.</summary>
    public static int Size(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ComparisonPlan(spec).Size(spec.Compare.Metric);
    }

    /// <summary>See <see cref="Statistics.SmallestEffect"/>.</summary>
    public static double? SmallestEffect(int seeds, int comparisons) => Statistics.SmallestEffect.Of(seeds, comparisons);

    /// <summary>What <c>sweep check</c> says of a plan: the family, what its seeds can find in it, and a warning where that is next to nothing.</summary>
    public static IEnumerable<string> Check(int seeds, int comparisons)
    {
        if (comparisons == 0)
        {
            yield return "no comparisons: no two arms of the compared axis can both have the metric";
            yield break;
        }

        yield return $"primary family: {Count(comparisons)} {(comparisons == 1 ? "comparison" : "comparisons")}, every full group and the averages over other "
            + $"axes; all other metrics are exploratory";
        if (SmallestEffect(seeds, comparisons) is not { } effect)
        {
            yield return "warning: with one seed nothing can be tested; 3 are the least that make sense";
            yield break;
        }

        yield return $"smallest difference that {Count(seeds)} seeds find with probability 0.8: {Effect(effect)} standard deviations (|mean|/sd of the paired "
            + $"differences over seeds, plain t-test at 0.05/{Count(comparisons)})";
        if (effect > Statistics.SmallestEffect.TooLarge)
        {
            yield return $"warning: more than {Effect(Statistics.SmallestEffect.TooLarge)} standard deviations, so most differences will stay undecided: "
                + $"use more seeds (with {Enough(seeds, comparisons)}), or compare fewer groups";
        }
    }

    /// <summary><c>6 of 30 comparisons by log-likelihood are certain</c>, and how many of them could not be tested.</summary>
    public static string Certain(IReadOnlyList<ComparisonSection> comparisons, FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ArgumentNullException.ThrowIfNull(family);
        int certain = comparisons.Count(c => IsPrimary(c) && IsCalled(c));
        string untested = family.Tested < family.Comparisons
            ? $"; {Count(family.Comparisons - family.Tested)} without a test {(family.Comparisons - family.Tested == 1 ? "keeps its" : "keep their")} place "
            + $"at p = 1" : "";
        return $"{Count(certain)} of {Count(family.Comparisons)} comparisons are certain{untested}";
    }

    /// <summary>What so many seeds can find among so many comparisons; null with one seed.</summary>
    public static string? Power(FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        if (family.Race is { } race)
            return family.SmallestEffect is not { } least ? null
                : $"The last look, after {Count(family.Seeds)} seeds, finds by itself a difference of {Effect(least)} standard deviations (of the paired "
                    + $"differences over seeds) with probability 0.8, by a plain t-test at 0.05 x {Figures.Number(race.Looks[^1].Share)} / "
                    + $"{Count(family.Comparisons)}.";
        return Power(family.Seeds, family.Comparisons * (int)(family.Looks?[^1].Factor ?? 1));
    }

    /// <inheritdoc cref="Power(FamilySection)"/>
    public static string? Power(int seeds, int comparisons) => SmallestEffect(seeds, comparisons) is not { } effect ? null
        : $"With {Count(seeds)} seeds a plain t-test at 0.05/{Count(comparisons)} finds a difference of {Effect(effect)} standard deviations (of the paired "
            + $"differences over seeds) "
            + $"with probability 0.8{(effect > Statistics.SmallestEffect.TooLarge ? $"; with {Enough(seeds, comparisons)}" : "")}.";

    /// <summary>How many seeds bring it down to what can be tested: <c>4 seeds 6.81</c>.</summary>
    private static string Enough(int seeds, int comparisons)
    {
        int more = seeds;
        double effect;
        do
        {
            more++;
            effect = SmallestEffect(more, comparisons)!.Value;
        }
        while (effect > Statistics.SmallestEffect.TooLarge);
        return $"{Count(more)} seeds {Effect(effect)}";
    }

    /// <summary>Three significant digits, as tables of power have them.</summary>
    public static string Effect(double effect) => Figures.Number(effect);

    /// <summary>How the secondary families went, each adjusted within itself; null where there are none.</summary>
    public static string? Exploratory(IReadOnlyList<ComparisonSection> comparisons, FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        if (family.Secondary.Count == 0 || comparisons.All(c => IsPrimary(c) || c.PValue is null))
            return null;
        IEnumerable<string> each =
            family.Secondary.Select(s => $"{Count(s.Certain)} of {Count(s.Comparisons)} by {MetricInfo.InSentence(MetricCatalog.Info(s.Metric).Label)}");
        return $"Exploratory, each metric adjusted within itself and none of it part of the answer: {Wording.List(each)} are called.";
    }

    /// <summary>Called comparisons of the primary family whose p-value leans on symmetry; null where there are none.</summary>
    public static string? Marked(IReadOnlyList<ComparisonSection> comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ComparisonSection[] called = [.. comparisons.Where(c => IsPrimary(c) && IsCalled(c))], marked = [.. called.Where(c => TellingMarks(c).Any())];
        if (marked.Length == 0)
            return null;
        HashSet<string> kinds = [.. marked.SelectMany(TellingMarks).Select(m => m.Kind)];
        string[] why =
        [
            .. kinds.Contains(ComparisonMark.OneSeed) ? ["one seed carries over half of the squared deviation"] : Array.Empty<string>(),
            .. kinds.Contains(ComparisonMark.UnequalSpread) ? ["one arm varies over three times as much over seeds as the other"] : Array.Empty<string>(),
        ];
        return $"The p-values of {Count(marked.Length)} of the {Count(called.Length)} called lean on the differences being symmetric: "
            + $"{string.Join(", or ", why)} (marked \u2020).";
    }

    /// <summary>The marks that tell this comparison from others: of three seeds one always carries over half, which is said once and not of each.</summary>
    public static IEnumerable<ComparisonMark> TellingMarks(ComparisonSection comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return (comparison.Marks ?? []).Where(m => comparison.Seeds > 3 || !string.Equals(m.Kind, ComparisonMark.OneSeed, StringComparison.Ordinal));
    }

    /// <summary>What p-values and intervals hold for where seeds split the same rows again; null where data were drawn anew.</summary>
    public static string? Resplit(IReadOnlyList<ComparisonSection> comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        double[] wider =
        [
            .. comparisons.Where(c => c.Resplit is { CiLow: not null } && c.Difference.CiHigh > c.Difference.CiLow)
                .Select(c => (c.Resplit!.CiHigh!.Value - c.Resplit.CiLow!.Value) / (c.Difference.CiHigh!.Value - c.Difference.CiLow!.Value)),
        ];
        return wider.Length == 0 ? null
            : "Seeds split the same rows again, so p-values and intervals hold for these rows. For rows like them the intervals with Nadeau and Bengio's "
                + "(2003) variance, "
                + $"{Figures.Range(wider.Min(), wider.Max())} times as wide, stand beside them.";
    }

    /// <summary>When the sweep was extended with results already there, and how its p-values are corrected for that; null where it never was.</summary>
    public static string? Looks(FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        if (family.Looks is not { Count: > 1 } looks)
            return null;
        IEnumerable<string> before = looks.SkipLast(1).Select(l =>
            $"{l.At?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} with {Plain(l.Completed)} of {Plain(l.Total)} trials completed and "
            + $"{Count(l.Seeds)} {(l.Seeds == 1 ? "seed" : "seeds")}");
        return $"The sweep was extended with results already there, on {Wording.List(before)}. So p is the smallest over {Count(looks.Count)} looks of "
            + $"j(j + 1) times look j's p ({Wording.List(looks.Select(l => $"x {Plain(l.Factor)}"))}), over the family as it now stands; "
            + "intervals and claims are those of all results, not corrected.";
    }

    /// <summary>The comparisons of the primary family that the correction for looks takes back; null where it takes none.</summary>
    public static string? Withdrawn(IReadOnlyList<ComparisonSection> comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ComparisonSection[] gone = [.. comparisons.Where(c => IsPrimary(c) && c.Withdrawn == true)];
        if (gone.Length == 0)
            return null;
        string more = gone.Length > Evidence.Handful ? $" and {Count(gone.Length - Evidence.Handful)} more" : "";
        return $"{Count(gone.Length)} {(gone.Length == 1 ? "call is" : "calls are")} withdrawn by the correction for looks: "
            + $"{string.Join("; ", gone.Take(Evidence.Handful).Select(Title))}{more}.";
    }

    /// <summary><c>gaussianize against standardize (dataset ica4, width 8)</c>.</summary>
    internal static string Title(ComparisonSection c)
    {
        string[] where = [.. c.Where.Select(w => $"{w.Key} {AxisText.Of(w.Value)}"), .. c.AveragedOver.Select(a => $"mean over {a}")];
        return $"{Evidence.Name(c.B)} against {Evidence.Name(c.A)}{(where.Length > 0 ? $" ({string.Join(", ", where)})" : "")}";
    }

    private static string Plain(double value) => Wording.Plain(value);

    private static bool IsPrimary(ComparisonSection c) => string.Equals(c.Family, FamilySection.Primary, StringComparison.Ordinal);

    private static bool IsCalled(ComparisonSection c) => !string.Equals(c.Verdict, "undecided", StringComparison.Ordinal);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
