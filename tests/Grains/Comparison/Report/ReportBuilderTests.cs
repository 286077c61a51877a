using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

public sealed class ReportBuilderTests
{
    private static readonly ReportDocument Document = ReportBuilder.Build(SyntheticSweep.Input());

    [Fact]
    public void Build_WhenTrialsComeInAnyOrder_GivesTheSameBytes()
    {
        ReportInput input = SyntheticSweep.Input();
        ReportInput shuffled = input with { Completed = [.. input.Completed.OrderBy(t => t.Trial.Id, StringComparer.Ordinal)] };
        Assert.Equal(ReportJson.Serialize(ReportBuilder.Build(input)), ReportJson.Serialize(ReportBuilder.Build(shuffled)));
    }

    [Fact]
    public void Build_WhenATrialFailed_CountsItAndLeavesItsSeedOut()
    {
        Assert.Equal((108, 107, 1, 0), (Document.Trials.Total, Document.Trials.Completed, Document.Trials.Failed, Document.Trials.Unfinished));
        FailureSection failure = Assert.Single(Document.Trials.Failures);
        Assert.Equal(("failed", 2L), (failure.Cause, failure.Seed));
        GroupSection group = Group("grid9", "whiten", 8);
        Assert.Equal([0, 1], group.Seeds);
        Assert.Contains("no result for seed 2", group.Notes);
        ComparisonSection comparison = Comparison("log_likelihood", "grid9", "whiten", 8);
        Assert.Equal(2, comparison.Seeds);
        Assert.Equal("1 of 3 seeds left out: whiten has no result", comparison.Reason);
        Assert.Equal(2, Comparison("log_likelihood", "grid9", "whiten", null).Seeds);
        Assert.Equal(3, Comparison("log_likelihood", "grid9", "whiten", 16).Seeds);
    }

    [Fact]
    public void Build_WhenGroupsAreMade_RepeatsAxesFlat()
    {
        JsonNode group = JsonNode.Parse(ReportJson.Serialize(Document))!["groups"]![0]!;
        Assert.Equal("ica4", (string?)group["dataset"]);
        Assert.Equal(8, (int?)group["width"]);
        Assert.Equal("standardize", (string?)group["axes"]!["preprocessing"]);
        Assert.Equal(101, group["curves"]!["log_likelihood"]!["mean"]!.AsArray().Count);
        Assert.Equal(80, (double?)group["curves"]!["training_loss"]!["step_size"]);
    }

    [Fact]
    public void Build_WhenAveragedOverWidths_IsTheMeanOfTheWidthsWithinEachSeed()
    {
        ComparisonSection averaged = Comparison("log_likelihood", "ica4", "gaussianize", null);
        Assert.Equal(["width"], averaged.AveragedOver);
        double mean = SyntheticSweep.Widths.Average(w => Comparison("log_likelihood", "ica4", "gaussianize", w).Difference.Mean!.Value);
        Near.Relative(mean, averaged.Difference.Mean);
        Assert.Equal(3, averaged.Seeds);
    }

    [Fact]
    public void Build_WhenTheFamilyIsMade_HasEveryMetricPlaceAndArmOnce()
    {
        Assert.Equal(4 * 2 * 3 * (4 + 1), Document.Comparisons.Count);
        Assert.Equal((30, 30, "log_likelihood", 3), (Document.Family.Comparisons, Document.Family.Tested, Document.Family.Metric, Document.Family.Seeds));
        Assert.Equal(
            [("log_likelihood@20", 30), ("energy_distance", 30), ("sliced_wasserstein2", 30)],
                Document.Family.Secondary.Select(s => (s.Metric, s.Comparisons)));
        Assert.All(Document.Comparisons, c => Assert.Equal(c.Metric is "log_likelihood" ? "primary" : "secondary", c.Family));
        Assert.Equal(
            ["log_likelihood", "log_likelihood@20", "energy_distance", "sliced_wasserstein2"], Document.Comparisons.Select(c => c.Metric).Distinct());
        Assert.StartsWith("moderated", Document.Family.Test, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenAnEffectIsLarge_CallsItBothWays()
    {
        Assert.Equal("b", Comparison("log_likelihood", "ica4", "gaussianize", 16).Verdict);
        Assert.Equal("b", Comparison("log_likelihood@20", "ring8", "gaussianize", 64).Verdict);
        Assert.Equal("a", Comparison("log_likelihood", "ring8", "gaussianize", 64).Verdict);
    }

    [Fact]
    public void Build_WhenOneSeed_SaysSoAndCallsNothing()
    {
        ReportInput input = SyntheticSweep.Input();
        ReportDocument document = ReportBuilder.Build(input with
        {
            Spec = input.Spec with { Seeds = [0] },
            Completed = [.. input.Completed.Where(t => t.Trial.Seed == 0)],
            Failed = [],
        });
        MetricSummary metric = document.Groups[0].Metrics["log_likelihood"];
        Assert.Equal("one seed", metric.Reason);
        Assert.NotNull(metric.Mean);
        Assert.Null(metric.CiLow);
        Assert.All(document.Comparisons, c => Assert.Equal(("undecided", "one seed"), (c.Verdict, c.Reason)));
        Assert.Equal((30, 0, null), (document.Family.Comparisons, document.Family.Tested, document.Family.SmallestEffect));
        Assert.Equal("paired t-test over seeds", document.Family.Test);
    }

    [Fact]
    public void Build_WhenNothingCompleted_StillMakesAReport()
    {
        ReportDocument document = ReportBuilder.Build(SyntheticSweep.Input() with { Completed = [] });
        Assert.Empty(document.Groups);
        Assert.Empty(document.Comparisons);
        Assert.Equal((30, 0), (document.Family.Comparisons, document.Family.Tested));
        Assert.Null(document.Answer.Picture);
        Assert.Equal(107, document.Trials.Unfinished);
    }

    [Fact]
    public void Build_WhenSomeSeedsNeverReachTheThreshold_GivesNoMean()
    {
        MetricSummary metric = GroupSummaries.Metric([new(40), new(null, null, "never"), new(null, null, "never")]);
        Assert.Equal((null, "never in 2 of 3 seeds"), (metric.Mean, metric.Reason));
        Assert.Equal([40, null, null], metric.PerSeed);
    }

    [Fact]
    public void Build_WhenACurvePointIsNotFinite_IsNullWithAReason()
    {
        CompletedTrial Trial(long seed, float middle) => SyntheticSweep.With("ica4", "whiten", 8, seed, [], new() { ["log_likelihood"] = [-3, middle, -1] });
        CurveSummary curve = GroupSummaries.Curve("log_likelihood", [Trial(0, float.NaN), Trial(1, -2)]);
        Assert.Equal([-3, null, -1], curve.Mean);
        Assert.Equal([-3, null, -1], curve.CiLow);
        Assert.Equal("1 of 3 points are not finite in every seed", curve.Reason);
    }

    [Fact]
    public void Build_WhenACompletedTrialHasNoValue_ComparesNothingRatherThanFlatterItsSide()
    {
        ReportDocument document = Small((seed, b) => seed == 1 && b ? new(null, -1, "not finite") : new(b ? -1.1 - seed / 100.0 : -3, -1));
        ComparisonSection comparison = document.Comparisons.First(c => c.B == "gaussianize");
        Assert.Equal(
            (0, "gaussianize has no value in 1 of 3 seeds (not finite)", "undecided"), (comparison.Seeds, comparison.Reason, comparison.Verdict));
        Assert.Equal((null, 1), (comparison.PValue, comparison.PAdjusted));
        Assert.Null(comparison.Difference.Mean);
    }

    [Fact]
    public void Build_WhenTheWinnerCollapsedOntoModes_CallsNothing()
    {
        // b sits 0.3 nats above the truth level, nearer to it than a, but its energy distance is worse in every seed.
        ReportDocument document = Small(
            (seed, b) => new(b ? -0.7 + seed / 1000.0 : -3 - seed / 1000.0, -1),
            (seed, b) => new(b ? 0.5 + seed / 1000.0 : 0.1, 0.01));
        ComparisonSection comparison = document.Comparisons.Single(c => c.Metric == "log_likelihood" && c.B == "gaussianize");
        Assert.True(comparison.PAdjusted < 0.05);
        Assert.Equal(("b", "undecided"), (comparison.Better, comparison.Verdict));
        Assert.Contains("suspected mode collapse", comparison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenAboveTheTruthLevelWithABetterDistance_KeepsTheCall() => Assert.Equal("b", Small(
        (seed, b) => new(b ? -0.98 + seed / 1000.0 : -3 - seed / 1000.0, -1),
        (seed, b) => new(b ? 0.02 + seed / 1000.0 : 0.1, 0.01)).Comparisons.Single(c => c.Metric == "log_likelihood" && c.B == "gaussianize").Verdict);

    [Fact]
    public void Build_WhenFartherAboveTheTruthLevelThanTheOtherIsBelow_PrefersTheOther()
    {
        ComparisonSection comparison = Small((seed, b) => new(b ? 1 + seed / 100.0 : -1.5 - seed / 1000.0, -1)).Comparisons.First(c => c.B == "gaussianize");
        Assert.Equal(("a", "a"), (comparison.Better, comparison.Verdict));
        Assert.True(comparison.Difference.Mean < 0);
    }

    [Fact]
    public void Build_WhenATrialIsNotOfTheSweep_SaysWhatIsAllowed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => ReportBuilder.Build(SyntheticSweep.Input() with { Completed = [SyntheticSweep.With("moons", "whiten", 8, 0, [])] }));
        Assert.Contains("dataset moons; allowed: ica4, grid9, ring8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_WhenReadBack_GivesTheSameBytes()
    {
        byte[] json = ReportJson.Serialize(Document);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
        Assert.DoesNotContain(":NaN", System.Text.Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    private static ReportDocument Small(Func<long, bool, MetricValue> logLikelihood, Func<long, bool, MetricValue>? energy = null)
    {
        List<CompletedTrial> trials = [];
        foreach (long seed in SyntheticSweep.Seeds)
        {
            foreach (bool b in new[] { false, true })
            {
                Dictionary<string, MetricValue> metrics = new() { ["log_likelihood"] = logLikelihood(seed, b) };
                if (energy is not null)
                    metrics["energy_distance"] = energy(seed, b);
                trials.Add(SyntheticSweep.With("ica4", b ? "gaussianize" : "standardize", 8, seed, metrics));
            }
        }

        ReportInput input = SyntheticSweep.Input();
        return ReportBuilder.Build(input with
        {
            Spec = input.Spec with { Axes = [.. input.Spec.Axes.Select(a => a.Name == "width" ? a with { Values = [8] } : a)] },
            Completed = trials,
            Failed = [],
        });
    }

    private static GroupSection Group(string dataset, string preprocessing, int width) => Document.Groups.Single(
        g => (string?)g.Axes["dataset"] == dataset && (string?)g.Axes["preprocessing"] == preprocessing && (int?)g.Axes["width"] == width);

    private static ComparisonSection Comparison(string metric, string dataset, string b, int? width) => Document.Comparisons.Single(
        c => c.Metric == metric && (string?)c.Where["dataset"] == dataset && c.B == b && (int?)c.Where["width"] == width);
}
