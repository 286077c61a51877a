using System.Globalization;
using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is said of a race over seeds: before it, on the way, and in its report.</summary>
public static class RaceWords
{
    /// <summary>|mean| / sd of the paired differences for which <c>sweep check</c> says how probable a call is.</summary>
    private static readonly double[] Effects = [1, 2, 3, 5];

    /// <summary>What the race decided at which look, and what it spared; null for what is no race.</summary>
    public static string? Summary(FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        if (family.Race is not { } race)
            return null;
        string[] taken = [.. race.Looks.Where(l => l.At is not null).Select(l => $"look {Count(l.Look)} ({Count(l.Seeds)} seeds) {Decided(l)}")];
        RaceLookSection? next = race.Finished ? null : race.Looks.FirstOrDefault(l => l.At is null);
        string told = taken.Length == 0 ? "no look is judged yet" : string.Join("; ", taken);
        string spared = $"{Count(race.Spared)} of {Count(race.Planned)} trials (every group with the last look's seeds) "
            + (race.Finished ? "were not needed" : "are not needed, so far");
        string intervals = family.Tested == 0 || taken.Length == 0 ? ""
            : " Intervals of differences hold at all looks together; the mean of a comparison that stopped early is somewhat too large.";
        return $"A race over seeds: {told}{(next is null ? "" : $"; look {Count(next.Look)} ({Count(next.Seeds)} seeds) is next")}. {spared}.{intervals}";
    }

    /// <summary>Which seeds compare all groups with each other; null for what is no race.</summary>
    public static string? FirstSeeds(FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family.Race is { } race ? $"By the first {Count(race.Looks[0].Seeds)} seeds, which every group of the race has." : null;
    }

    /// <summary>Which seeds a group is summed up by; null for what is no race.</summary>
    public static string? OwnSeeds(FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family.Race is { } race
            ? $"Each group by all the seeds that the race gave it, {Count(race.Looks[0].Seeds)} to {Count(race.Looks[^1].Seeds)}, and not by the first "
                + $"{Count(race.Looks[0].Seeds)} alone as where all groups are compared with each other."
            : null;
    }

    /// <summary>The comparisons of the primary family that have no difference beyond the margin; null where none was found.</summary>
    public static string? Equivalent(IReadOnlyList<ComparisonSection> comparisons, FamilySection family)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ArgumentNullException.ThrowIfNull(family);
        ComparisonSection[] equal = [.. comparisons.Where(c => c.Family == FamilySection.Primary && c.Decision == ComparisonSection.Equivalent)];
        if (equal.Length == 0)
            return null;
        string more = equal.Length > Evidence.Handful ? $" and {Count(equal.Length - Evidence.Handful)} more" : "";
        string margin = WithUnit(family.Race?.Margin ?? 0, family.Metric);
        return $"No difference beyond {margin}: {string.Join("; ", equal.Take(Evidence.Handful).Select(FamilyWords.Title))}{more}.";
    }

    /// <summary>What a planned race can find, look by look; empty for what is no race.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="comparisons">In its primary family.</param>
    public static IEnumerable<string> Check(SweepSpec spec, int comparisons)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (Outlook(spec, comparisons) is not { } outlook)
            yield break;
        LookPlan plan = new(spec.Race!.Looks, spec.Race.Spend);
        yield return $"primary family: {Count(comparisons)} {(comparisons == 1 ? "comparison" : "comparisons")}, every full group and the averages over other "
            + "axes; all other metrics are exploratory";
        yield return $"a race over seeds, looks after {Wording.List(plan.Seeds.Select(Count))}: a group gets no more once all of its comparisons are decided"
            + (spec.Race.Margin is { } margin ? $"; a difference surely below {WithUnit(margin, spec.Compare.Metric)} counts as none" : "")
            + (spec.Race.Futility ? "" : "; no comparison stops for want of hope");
        for (int look = 1; look <= outlook.Count; look++)
        {
            LookOutlook at = outlook[look - 1];
            string called = string.Join(", ", Effects.Zip(at.Called, (e, p) => $"{Wording.Plain(e)} sd {Percent(p)}"));
            yield return $"look {Count(look)}, {Count(at.Seeds)} seeds, {Percent(plan.Weight(look))} of the level: finds by itself "
                + $"{Figures.Number(at.SmallestEffect)} standard deviations with probability 0.8; called by then: {called}";
        }

        yield return "(|mean|/sd of the paired differences over seeds; plain t-test at the look's share of 0.05"
            + $"/{Count(comparisons)}; probabilities of calls from {Count(RaceOutlook.Races)} simulated races)";
    }

    /// <summary>The same in numbers; null for what is no race, or compares nothing.</summary>
    public static IReadOnlyList<LookOutlook>? Outlook(SweepSpec spec, int comparisons)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Race is null || comparisons == 0 ? null : RaceOutlook.Of(new LookPlan(spec.Race.Looks, spec.Race.Spend), comparisons, Effects);
    }

    /// <summary>Where a race stands, in one line; null for what is no race.</summary>
    public static string? Stand(SweepSummary sweep, IReadOnlyList<JudgedLook> looks)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(looks);
        if (sweep.Looks == 0 || sweep.Tunes)
            return null;
        string most = $"at most {Count(sweep.Total - sweep.Pruned)} of {Count(sweep.Total)} trials in all";
        string next = sweep.Look > 0 ? $"look {Count(sweep.Look)} of {Count(sweep.Looks)} is next"
            : $"over after look {Count(looks.Count)} of {Count(sweep.Looks)}";
        if (looks.Count == 0)
            return $"race: {next}; {most}";
        RaceState state = RaceJson.Read(looks[^1].Decisions);
        int Of(RaceOutcome outcome) => state.Comparisons.Count(c => c.Outcome == outcome);
        int broken = state.Comparisons.Count(c => c.IsBroken), open = Of(RaceOutcome.Open) - broken;
        string decided = Parts(Of(RaceOutcome.Called), Of(RaceOutcome.NoWinner), Of(RaceOutcome.Equivalent), Of(RaceOutcome.Undecidable), broken);
        return $"race: {next}; of {Count(state.Comparisons.Count)} comparisons {(decided.Length > 0 ? $"{decided}, " : "")}{Count(open)} "
            + $"{(state.IsFinished ? "undecided" : "open")}; {most}";
    }

    private static string Decided(RaceLookSection look)
    {
        string parts = Parts(look.Called, look.NoWinner, look.Equivalent, look.Undecidable, look.Open == 0 ? look.Untested : 0);
        return parts.Length > 0 ? parts : "decided nothing";
    }

    private static string Parts(int called, int noWinner, int equivalent, int undecidable, int untested) => string.Join(", ", new[]
    {
        (called, "called"), (noWinner, "different without a winner"), (equivalent, "within the margin"), (undecidable, "stopped as not decidable"),
        (untested, "without a test"),
    }.Where(p => p.Item1 > 0).Select(p => $"{Count(p.Item1)} {p.Item2}"));

    private static string WithUnit(double value, string metric) => Wording.WithUnit(Wording.Plain(value), MetricCatalog.Info(metric).Unit);

    private static string Percent(double share) => share is > 0 and < 0.0005 ? "<0.1%" : share.ToString("0.#%", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
