using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Makes the report from stored results: a pure function, so the same results give the same document.</summary>
public static class ReportBuilder
{
    /// <exception cref="ArgumentException">A trial that isn't of this sweep or completed twice, or a baseline that isn't on its axis.</exception>
    /// <exception cref="InvalidDataException">Curves of different lengths in one group.</exception>
    public static ReportDocument Build(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ReportInput compared = input.Compared();
        TrialTable table = new(input.Spec, compared.Completed);
        string[] named = [.. input.Spec.NamedMetrics()];
        ComparisonPlan plan = new(input.Spec);
        SeedLevels? levels = RaceVerdicts.Levels(input.Spec, plan, input.Looks);
        GroupSection[] groups = [.. table.Cells.Select(cell => Group(cell, table.Seeds, named, levels))];
        (IReadOnlyList<ComparisonSection> comparisons, FamilySection family) =
            Judge(table, input.Spec, plan, input.Looks);

        // Groups of a race have more seeds the longer they were open: what compares all of them takes the seeds that each has.
        TrialTable alike = input.Spec.Race is { } race ? table.Prefix(race.Looks[0]) : table;
        TrialsSection trials = Trials(input);
        if (family.Looks is { } looks)
            family = family with { Looks = [.. looks.SkipLast(1), looks[^1] with { Completed = trials.Completed }] };
        Evidence evidence = new(input.Spec, table, groups, comparisons);
        ExpectationJudge judge = new(table, compared.Failed, SeedLevels.OfClaims(input.Spec, plan, input.Looks));
        SearchSection? search = SearchReport.Of(input.Spec, table);
        TuningSection? tuning = TuningReport.Of(input);
        ExpectationSection[] expectations = [.. input.Spec.Expectations.Select(judge.Judge)];
        return new ReportDocument
        {
            Generated = input.Generated.ToUniversalTime(),
            Sweep = new SweepSection
            {
                Name = input.Spec.Name,
                Id = input.Spec.Id,
                Spec = (JsonObject)input.Spec.Resolved.DeepClone(),
                Source = input.Spec.Source,
                Axes = input.Spec.Axes,
                Seeds = input.Spec.Seeds,
                Compare = input.Spec.Compare,
                ThresholdNats = input.Spec.ThresholdNats,
            },
            Trials = trials,
            Environment = input.Environment with
            {
                Devices = [.. input.Completed.Select(t => t.Result.Device).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            },
            Metrics =
            [
                .. MetricCatalog.InOrder(groups.SelectMany(g => g.Metrics.Keys)).Select(MetricCatalog.Info),
                .. comparisons.Select(c => c.Metric).Concat(named).Distinct(StringComparer.Ordinal).Where(MetricCatalog.IsReadOff).Select(MetricCatalog.Info),
            ],
            Answer = new AnswerBuilder(evidence, new Coverage(evidence, plan, trials)).Build(
                trials, family, BestSettings.Of(alike, input.Spec.Compare.Metric, input.Spec.Looks.Count + 1), search, tuning),
            Groups = groups,
            Comparisons = comparisons,
            Family = family,
            Search = search,
            Tuning = tuning,
            Importance = search is null ? Importance.Of(alike, input.Spec.Compare.Metric) : null,
            Pareto = ParetoFront.Of(alike, input.Spec.Compare),
            Expectations = expectations,
            Samples = input.Samples.Count > 0 ? input.Samples : null,
            Scatters = input.Scatters.Count > 0 ? input.Scatters : null,
            Fields = input.Fields.Count > 0 ? input.Fields : null,
            ExpectationRules = ExpectationJudge.Rules(input.Spec, expectations),
        };
    }

    /// <summary>The sweep's comparisons: by all results, or as a race's looks judged them.</summary>
    internal static (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Judge(
        TrialTable table, SweepSpec spec, ComparisonPlan plan, IReadOnlyList<JudgedLook> looks) =>
        spec.Race is null ? Verdicts.Of(Contrasts.Of(table, spec, plan), spec) : RaceVerdicts.Of(table, spec, plan, looks);

    /// <summary>Completed trials that are compared, in the spec's order, seeds innermost, whatever order they completed in.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Build"/>.</exception>
    public static IEnumerable<CompletedTrial> InSpecOrder(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TrialTable table = new(input.Spec, input.Compared().Completed);
        return table.Cells.SelectMany(cell => table.Seeds.Where(cell.BySeed.ContainsKey).Select(seed => cell.BySeed[seed]));
    }

    /// <summary>With the seeds that it was given, its intervals at the share of the level of the look that gave them.</summary>
    private static GroupSection Group(TrialCell cell, IReadOnlyList<long> seeds, string[] named, SeedLevels? levels)
    {
        if (levels is null)
            return GroupSummaries.Of(cell, seeds, named);

        // While a look is under way some of its seeds are there already.
        int there = Math.Max(levels.Reached(cell.Place), Enumerable.Range(0, seeds.Count).Last(i => cell.BySeed.ContainsKey(seeds[i])) + 1);
        return GroupSummaries.Of(cell, [.. seeds.Take(there)], named, MeanInterval.Alpha * levels.Share(there));
    }

    private static TrialsSection Trials(ReportInput input)
    {
        long completed = input.Completed.Count, failed = input.Failed.Count;
        return new TrialsSection
        {
            Total = input.Spec.TrialCount,
            Completed = completed,
            Failed = failed,
            Cancelled = input.Cancelled,
            Pruned = input.Pruned,
            Unfinished = Math.Max(0, input.Spec.TrialCount - completed - failed - input.Cancelled - input.Pruned),
            Failures =
            [
                .. input.Failed.OrderBy(f => f.Trial.Group, StringComparer.Ordinal).ThenBy(f => f.Trial.Seed).Select(f => new FailureSection
                {
                    Trial = f.Trial.Id,
                    Axes = (JsonObject)f.Trial.Axes.DeepClone(),
                    Seed = f.Trial.Seed,
                    Cause = f.Cause,
                    Message = f.Message,
                }),
            ],
        };
    }
}
