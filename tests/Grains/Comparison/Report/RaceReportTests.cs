using System.Text;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>Three seeds of ring8, looks after two and three of them.</summary>
public sealed class RaceReportTests
{
    private static readonly SweepSpec Spec = SyntheticSweep.Only("ring8") with { Race = new RaceSpec { Looks = [2, 3], Futility = false } };

    private static readonly CompletedTrial[] All =
        [.. SyntheticSweep.Input().Completed.Where(t => (string?)t.Trial.Axes["dataset"] == "ring8")];

    [Fact]
    public void Build_OfARace_SaysWhatEachLookDecided()
    {
        (JudgedLook[] looks, RaceState[] states) = Race();
        ReportDocument report = Build(looks);

        RaceSection race = report.Family.Race!;
        Assert.Equal([2, 3], race.Looks.Select(l => l.Seeds));
        Assert.Equal([0.4, 0.6], race.Looks.Select(l => l.Share));
        Assert.True(race.Finished);
        ComparisonSection[] primary = [.. report.Comparisons.Where(c => c.Family == FamilySection.Primary)];
        Assert.Equal(states[^1].Comparisons.Count, primary.Length);
        Assert.Equal(states[^1].Comparisons.Select(c => (c.PSequential, c.PAdjusted, c.Interval?.Low)),
            primary.Select(c => (c.PSequential, c.PAdjusted!.Value, c.Difference.CiLow)));
        Assert.Equal(states[^1].Comparisons.Select(c => c.Outcome == RaceOutcome.Called), primary.Select(c => c.Verdict != "undecided"));
        Assert.All(primary.Where(c => c.Verdict != "undecided"), c => Assert.Equal(ComparisonSection.Called, c.Decision));
        Assert.Contains("A race over seeds: look 1 (2 seeds)", RaceWords.Summary(report.Family), StringComparison.Ordinal);
        Assert.Contains(report.Answer.KeyFindings, f => f.StartsWith("A race over seeds", StringComparison.Ordinal));

        // Exploratory families follow the same looks, each at its share of the level.
        ComparisonSection other = report.Comparisons.First(c => c.Metric == "energy_distance" && c.Seeds == 3 && c.PValue is not null);
        Assert.Equal(2, other.Look);
        Assert.InRange(other.PSequential!.Value, 0, Math.Min(1, other.PValue!.Value / 0.6));
    }

    [Fact]
    public void Build_WhateverTheResultsAreLater_ReadsWhatWasDecided()
    {
        (JudgedLook[] looks, _) = Race();
        CompletedTrial[] changed = [.. All.Select(t => t with { Result = t.Result with
        {
            Metrics = t.Result.Metrics.ToDictionary(m => m.Key, m => m.Value with { Value = m.Value.Value + t.Trial.Seed }, StringComparer.Ordinal),
        } })];

        Assert.Equal(
            Primary(Build(looks)).Select(c => (c.Verdict, c.PAdjusted, c.Difference)), Primary(Build(looks, changed)).Select(c => (c.Verdict, c.PAdjusted,
                c.Difference)));
    }

    [Fact]
    public void Build_BeforeTheFirstLook_CallsNothingAndSaysSo()
    {
        ReportDocument report = Build([]);
        Assert.All(report.Comparisons, c => Assert.Equal(("undecided", null, ComparisonSection.Open), (c.Verdict, c.PValue, c.Decision)));
        Assert.Contains("no look is judged yet; look 1 (2 seeds) is next", RaceWords.Summary(report.Family), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenAGroupStoppedEarly_ComparesItsSeedsAlone()
    {
        RaceBoard board = new(Spec);
        RaceState first = board.Judge(null, Of(2));
        RaceState stopped = first with { OpenGroups = [.. first.OpenGroups.Select(_ => false)] };
        ReportDocument report = Build([Look(1, stopped)], [.. Of(2)], pruned: 12);

        Assert.Equal((36, 12, true), (report.Family.Race!.Planned, report.Family.Race.Spared, report.Family.Race.Finished));
        Assert.Equal((24, 12, 0), (report.Trials.Completed, report.Trials.Pruned, report.Trials.Unfinished));
        Assert.All(report.Comparisons.Where(c => c.PValue is not null), c => Assert.Equal((2, 1), (c.Seeds, c.Look)));

        // What it never asked for isn't missing, and its intervals hold whatever stopped it.
        Assert.All(report.Groups, g => Assert.DoesNotContain(g.Notes, n => n.StartsWith("no result", StringComparison.Ordinal)));
        MetricSummary metric = report.Groups[0].Metrics["log_likelihood"];
        Assert.Equal(MeanInterval.Of([.. metric.PerSeed.Select(v => v!.Value)], 0.05 * 0.4).Low, metric.CiLow);
    }

    [Fact]
    public void Build_OfClaimsInARace_JudgesThemByTheIntervalOfTheLookReached()
    {
        ExpectationSpec claim = SyntheticSweep.Spec().Expectations[3];
        SweepSpec spec = Spec with { Expectations = [claim] };
        RaceState first = new RaceBoard(spec).Judge(null, Of(2));
        RaceState stopped = first with { OpenGroups = [.. first.OpenGroups.Select(_ => false)] };

        ExpectationGroupSection early = Assert.Single(Judged([Look(1, stopped)]).Groups), late = Assert.Single(Judged(Race().Looks).Groups);
        Assert.Equal((2, 3), (early.Seeds, late.Seeds));
        Assert.Equal(MeanInterval.Of([.. early.PerSeed.Select(v => v!.Value)], 0.05 * 0.4).High, early.High);
        Assert.Equal(MeanInterval.Of([.. late.PerSeed.Select(v => v!.Value)], 0.05 * 0.6).High, late.High);

        // As a ledger tests it: the smallest over the looks that it had, each at its share.
        double[] two = [.. late.PerSeed.Take(2).Select(v => v!.Value)], three = [.. late.PerSeed.Select(v => v!.Value)];
        ExpectationSpec sure = claim with { Is = claim.Is with { Relation = Relation.AtMost, Bound = three.Max() + (20 * (three.Max() - three.Min())) } };
        double Plain(double[] x) => SeedRange.LeastLevel(x, x, (low, high) => sure.Is.HoldsThroughout(low, high));
        Assert.Equal(Plain(two) / 0.4, Level([Look(1, stopped)]));
        Assert.Equal(Math.Min(Plain(two) / 0.4, Plain(three) / 0.6), Level(Race().Looks));
        Assert.InRange(Level(Race().Looks), 1e-9, 0.999);

        double Level(JudgedLook[] looks) => new ClaimLevels(
            SyntheticSweep.Input() with { Spec = spec, Completed = All, Failed = [], Looks = looks }, new TrialTable(spec, All)).Of(sure)!.Value;

        ExpectationSection Judged(JudgedLook[] looks) => Assert.Single(ReportBuilder.Build(
            SyntheticSweep.Input() with { Spec = spec, Completed = All, Failed = [], Looks = looks }).Expectations);
    }

    /// <summary>All groups but those of the first width stop at the first look.</summary>
    [Fact]
    public void Seeds_OfARace_AreThoseThatEachGroupWasGivenAndSaidSo()
    {
        SweepSpec spec = Spec with { Expectations = [.. SyntheticSweep.Spec().Expectations.Where(e => e.Where.Count == 0).Take(1)] };
        CompletedTrial[] completed = [.. All.Where(t => t.Trial.Seed < 2 || t.Trial.Network.Width == SyntheticSweep.Widths[0])];
        RaceBoard board = new(spec);
        RaceState first = board.Judge(null, Of(2));
        RaceState one = first with { OpenGroups = [.. first.OpenGroups.Select((_, i) => i % SyntheticSweep.Widths.Length == 0)] };
        ReportDocument report = ReportBuilder.Build(SyntheticSweep.Input() with
        {
            Spec = spec, Failed = [], Completed = completed, Looks = [Look(1, one), Look(2, board.Judge(one, completed))],
        });

        Assert.Equal("2 to 3 seeds, as many as the race gave each group", ExpectationWords.Seeds(report));
        Assert.Matches(", over [23] seeds$", ExpectationWords.Outcome(report.Expectations[0]));
        Assert.Equal("3 seeds", ExpectationWords.Seeds(ReportBuilder.Build(SyntheticSweep.Input())));

        string markdown = ReportMarkdown.Of(report);
        Assert.Contains("undecided, over 2 to 3 seeds, as many as the race gave each group. ", markdown, StringComparison.Ordinal);
        Assert.Contains("\nBy the first 2 seeds, which every group of the race has.\n", markdown, StringComparison.Ordinal);
        Assert.Contains("Mean [95% interval]. Each group by all the seeds that the race gave it, 2 to 3, and not by the first 2 alone", markdown,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OfWhatIsNoRace_HasNothingOfIt()
    {
        string json = Encoding.UTF8.GetString(ReportJson.Serialize(ReportBuilder.Build(SyntheticSweep.Input())));
        Assert.All(["\"race\"", "\"decision\"", "\"p_equivalence\"", "\"p_sequential\""], key => Assert.DoesNotContain(key, json, StringComparison.Ordinal));
    }

    [Fact]
    public void Judge_WhateverTheOrderOfResults_IsTheSameToTheLastBit()
    {
        RaceBoard board = new(Spec);
        string straight = RaceJson.Write(board.Judge(null, Of(2))), reversed = RaceJson.Write(board.Judge(null, Of(2).Reverse()));
        Assert.Equal(straight, reversed);
        Assert.Equal(straight, RaceJson.Write(RaceJson.Read(straight)));
        Assert.Equal(RaceJson.Write(board.Judge(RaceJson.Read(straight), All)), RaceJson.Write(board.Judge(board.Judge(null, Of(2)), All)));
    }

    [Fact]
    public void Judge_WhenASeedIsMissing_LeavesItsComparisonsWithoutATest()
    {
        CompletedTrial gone = All.First(t => t.Trial.Seed == 0 && (string?)t.Trial.Axes["preprocessing"] == "whiten");
        RaceState state = new RaceBoard(Spec).Judge(null, Of(2).Where(t => t != gone));

        // Its own group's and the average's.
        Assert.Equal(2, state.Comparisons.Count(c => c.IsBroken));
        Assert.All(state.Comparisons.Where(c => c.IsBroken), c => Assert.Equal((null, 1.0), (c.PSequential, c.PAdjusted)));
    }

    [Fact]
    public void Check_OfARace_SaysWhatEachLookFinds()
    {
        string[] lines = [.. RaceWords.Check(Spec, 10)];
        Assert.Equal(2, lines.Count(l => l.StartsWith("look ", StringComparison.Ordinal)));
        Assert.Equal(lines, RaceWords.Check(Spec, 10));
        Assert.Equal(SmallestEffect.At(3, 0.05 * 0.6 / 10), RaceWords.Outlook(Spec, 10)![1].SmallestEffect);
        Assert.Empty(RaceWords.Check(Spec with { Race = null }, 10));
    }

    private static (JudgedLook[] Looks, RaceState[] States) Race()
    {
        RaceBoard board = new(Spec);
        RaceState first = board.Judge(null, Of(2)), second = board.Judge(first, All);
        return ([Look(1, first), Look(2, second)], [first, second]);
    }

    private static JudgedLook Look(int look, RaceState state) =>
        new(look, new DateTimeOffset(2026, 1, look, 0, 0, 0, TimeSpan.Zero), "00", RaceJson.Write(state));

    private static IEnumerable<CompletedTrial> Of(int seeds) => All.Where(t => t.Trial.Seed < seeds);

    private static IEnumerable<ComparisonSection> Primary(ReportDocument report) => report.Comparisons.Where(c => c.Family == FamilySection.Primary);

    private static ReportDocument Build(JudgedLook[] looks, CompletedTrial[]? completed = null, long pruned = 0) => ReportBuilder.Build(
        SyntheticSweep.Input() with { Spec = Spec, Completed = completed ?? All, Failed = [], Looks = looks, Pruned = pruned });
}
