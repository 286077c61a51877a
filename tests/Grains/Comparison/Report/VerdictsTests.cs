using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>Families, marks, diverged arms and damaged numbers, on one data set of 3 arms and 4 widths.</summary>
public sealed class VerdictsTests
{
    /// <summary>All trials of an arm that failed: the others' adjustment stays that of the whole family.</summary>
    [Fact]
    public void Build_WhenAnArmFailsLater_KeepsItsPlaceInTheFamily()
    {
        ReportDocument whole = Build((_, arm, _, seed) => Value(arm, seed)), without = Build((_, arm, _, seed) => arm == 1 ? null : Value(arm, seed));
        Assert.Equal((10, 10, 10, 5), (whole.Family.Comparisons, whole.Family.Tested, without.Family.Comparisons, without.Family.Tested));
        ComparisonSection failed = Find(without, "whiten", 8), kept = Find(without, "gaussianize", 8);
        Assert.Equal((null, 1, "whiten has no result in 3 of 3 seeds", "primary"), (failed.PValue, failed.PAdjusted, failed.Reason, failed.Family));
        Assert.True(kept.PAdjusted >= Math.Min(1, kept.PValue!.Value * 6), $"{kept.PAdjusted} of {kept.PValue}");
        Assert.Contains(without.Answer.KeyFindings,
            f => f.Contains("of 10 comparisons are certain; 5 without a test keep their place at p = 1", StringComparison.Ordinal));
    }

    /// <summary>What does not belong to the primary family does not change its adjustment, and is called exploratory.</summary>
    [Fact]
    public void Build_WhenOtherMetricsAreThere_AdjustsThePrimaryFamilyByItself()
    {
        ReportDocument alone = Build((_, arm, _, seed) => Value(arm, seed));
        ReportDocument beside = Build((_, arm, width, seed) =>
        {
            Dictionary<string, MetricValue> metrics = Value(arm, seed);
            metrics["energy_distance"] = new MetricValue(0.1 + (0.01 * Math.Sin((arm * 5) + (width * 3) + (seed * 7))), 0.01);
            return metrics;
        });
        Assert.Equal(alone.Comparisons.Select(c => c.PAdjusted), beside.Comparisons.Where(c => c.Family == "primary").Select(c => c.PAdjusted));
        Assert.Equal([new SecondaryFamily("energy_distance", 10, 0)], beside.Family.Secondary);
        Assert.Contains(beside.Answer.KeyFindings, f => f.StartsWith("Exploratory, each metric adjusted within itself", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_WhenTheFamilyIsLarge_SaysWhatItsSeedsCanFind()
    {
        FamilySection family = Build((_, arm, _, seed) => Value(arm, seed)).Family;
        Assert.Equal(FamilyWords.SmallestEffect(3, 10), family.SmallestEffect);
        Assert.StartsWith("With 3 seeds a plain t-test at 0.05/10 finds a difference of 10.4 standard deviations", FamilyWords.Power(family),
            StringComparison.Ordinal);
        Assert.EndsWith(" with probability 0.8; with 4 seeds 4.71.", FamilyWords.Power(family), StringComparison.Ordinal);
        Assert.EndsWith(" with probability 0.8.", FamilyWords.Power(5, 10), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3850, "44421")]
    [InlineData(3, 30, "17.9")]
    public void Check_WhenSeedsAreTooFew_Warns(int seeds, int comparisons, string effect)
    {
        string[] lines = [.. FamilyWords.Check(seeds, comparisons)];
        Assert.Equal(3, lines.Length);
        Assert.Contains($": {effect} standard deviations", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("warning: ", lines[2], StringComparison.Ordinal);
        Assert.Equal(2, FamilyWords.Check(8, 30).Count());
    }

    [Fact]
    public void Build_WhenOneSeedCarriesMostOfTheDeviation_MarksIt()
    {
        // Differences 1, 1.01, 0.99, 1, 3.
        ReportDocument document = Build((_, arm, _, seed) => LogLikelihood(arm == 0 ? -5 : -4 + (new[] { 0, 0.01, -0.01, 0, 2 }[seed])), seeds: 5);
        ComparisonMark mark = Assert.Single(Find(document, "whiten", 8).Marks!, m => m.Kind == "one_seed");
        Assert.Equal("seed 4 carries 80% of the squared deviation", mark.Text);
        Assert.Null(Find(Build((_, arm, _, seed) => LogLikelihood(-5 + arm + (0.1 * (seed % 2) * (arm + 1))), seeds: 6), "whiten", 8).Marks);
    }

    [Fact]
    public void Build_WhenOneArmVariesFarMore_MarksIt()
    {
        ReportDocument document = Build((_, arm, _, seed) => LogLikelihood(-5 + arm + ((arm == 2 ? 0.4 : 0.1) * Math.Cos(seed * 2.1))), seeds: 6);
        ComparisonMark mark = Assert.Single(Find(document, "gaussianize", 8).Marks!, m => m.Kind == "unequal_spread");
        Assert.Equal("gaussianize varies 4.00 times as much over seeds as standardize", mark.Text);
        Assert.DoesNotContain(Find(document, "whiten", 8).Marks ?? [], m => m.Kind == "unequal_spread");
    }

    /// <summary>By hand: 3 seeds, differences 1, 2, 3: s² = 1, t(2) = 4.302653, 2 +- t √(1/3 + 0.5).</summary>
    [Fact]
    public void Build_WhenSeedsSplitTheSameRows_GivesTheCorrectedIntervalBesideTheOther()
    {
        ReportDocument document = Build((_, arm, _, seed) => LogLikelihood(-5 + (arm * (1 + seed))), note: new SplitRows(100, 50).Note);
        ComparisonSection comparison = Find(document, "whiten", 8);
        Assert.Equal(0.5, comparison.Resplit!.TestToTrain);
        Near.Relative(4.302652729911275 * Math.Sqrt((1 / 3.0) + 0.5), comparison.Resplit.CiHigh - 2);
        Near.Relative(4.302652729911275 * Math.Sqrt((1 / 3.0) + 0.5), 2 - comparison.Resplit.CiLow);
        Near.Relative(4.302652729911275 / Math.Sqrt(3), 2 - comparison.Difference.CiLow);
        Assert.Contains(document.Answer.KeyFindings,
            f => f.Contains("hold for these rows", StringComparison.Ordinal) && f.Contains("1.58 times as wide", StringComparison.Ordinal));
        Assert.Null(Find(Build((_, arm, _, seed) => Value(arm, seed)), "whiten", 8).Resplit);
    }

    [Fact]
    public void Build_WhenAnArmDiverged_NamesItInTheAnswer()
    {
        ReportDocument document = Build((_, arm, _, seed) => arm == 2 ? Diverged(512, 512) : Value(arm, seed));
        Assert.EndsWith(" gaussianize diverged: no finite samples in 12 of 12 trials.", document.Answer.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("No other arm", document.Answer.Headline, StringComparison.Ordinal);
        Assert.Contains(document.Answer.KeyFindings,
            f => f.StartsWith("gaussianize diverged: no finite samples in 12 of 12 trials.", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_WhenOnlySomeSeedsDiverged_CountsThem()
    {
        ReportDocument document = Build((_, arm, width, seed) => arm == 1 && width == 8 && seed == 1 ? Diverged(3, 512) : Value(arm, seed));
        Assert.Contains("whiten diverged: samples that are not finite in 1 of 12 trials.", document.Answer.Headline, StringComparison.Ordinal);
        Assert.Equal("whiten diverged in 1 of 3 seeds", Find(document, "whiten", 8).Reason);
        Assert.DoesNotContain("Not compared", document.Answer.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenNothingIsLeftToRun_DoesNotSayYet()
    {
        ReportDocument done = Build((_, arm, _, seed) => arm == 0 ? Value(arm, seed) : Diverged(512, 512));
        Assert.StartsWith("No difference in final log-likelihood can be tested. whiten diverged: ", done.Answer.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(" yet", done.Answer.Headline, StringComparison.Ordinal);
        ReportDocument going = Build((_, arm, width, seed) => arm == 0 && width == 8 ? Value(arm, seed) : null, failed: false);
        Assert.StartsWith("No difference can be tested yet.", going.Answer.Headline, StringComparison.Ordinal);
    }

    /// <summary>Stored before: the reason is data.</summary>
    [Fact]
    public void NonFiniteSamples_WhenReadBack_IsTheSame()
    {
        Assert.Equal("3 of the samples' 512 coordinates are not finite", new NonFiniteSamples(3, 512).Reason);
        Assert.Equal(new NonFiniteSamples(3, 512), NonFiniteSamples.Read("3 of the samples' 512 coordinates are not finite"));
        Assert.Null(NonFiniteSamples.Read("overflow"));
        Assert.Equal("each seed splits the same rows again: 100 for training, 50 for test", new SplitRows(100, 50).Note);
        Assert.Equal(new SplitRows(100, 50), SplitRows.Read("each seed splits the same rows again: 100 for training, 50 for test"));
        Assert.Null(SplitRows.Read("FastICA did not converge"));
    }

    /// <summary>Values near the end of the range of numbers: their interval overflows.</summary>
    [Fact]
    public void Build_WhenAnIntervalOverflows_IsNullWithAReasonAndTheOthersStand()
    {
        ReportDocument document = Build((_, arm, _, seed) => LogLikelihood(arm == 1 ? (seed == 1 ? -1.6e308 : -1e300) : -5 + arm + (0.01 * seed * arm)));
        GroupSection broken = document.Groups.First(g => (string?)g.Axes["preprocessing"] == "whiten");
        Assert.Null(broken.Metrics["log_likelihood"].CiLow);
        Assert.Equal("the interval is beyond the range of numbers", broken.Metrics["log_likelihood"].Reason);
        ComparisonSection comparison = Find(document, "whiten", 8);
        Assert.Equal((null, null, 1, "undecided"), (comparison.PValue, comparison.Difference.CiLow, comparison.PAdjusted, comparison.Verdict));
        Assert.Contains("overflow", comparison.Reason, StringComparison.Ordinal);
        Assert.NotNull(Find(document, "gaussianize", 8).PValue);
        byte[] json = ReportJson.Serialize(document);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Build_WhenAStoredValueIsNotFinite_SaysSoAndReportsTheOthers(double damaged)
    {
        ReportDocument document = Build((_, arm, width, seed) => arm == 1 && width == 8 && seed == 0 ? LogLikelihood(damaged) : Value(arm, seed));
        Assert.Equal("whiten has no value in 1 of 3 seeds (not finite)", Find(document, "whiten", 8).Reason);
        Assert.NotNull(Find(document, "whiten", 16).PValue);
        ReportJson.Serialize(document);
    }

    [Fact]
    public void Build_WhenACurveIsDamaged_NamesItsTrialAndKeepsTheReport()
    {
        ReportInput input = SyntheticSweep.Input();
        CompletedTrial damaged = input.Completed[4];
        Dictionary<string, float[]> curves = new(damaged.Result.Curves, StringComparer.Ordinal) { ["log_likelihood"] = [1, 2, 3] };
        ReportDocument document = ReportBuilder.Build(
            input with { Completed = [.. input.Completed.Select(t => t == damaged ? t with { Result = t.Result with { Curves = curves } } : t)] });
        CurveSummary curve = document.Groups.Single(g => g.TrialIds.Contains(damaged.Trial.Id)).Curves["log_likelihood"];
        Assert.Empty(curve.Mean);
        Assert.Equal($"log_likelihood of trial {damaged.Trial.Id} has 3 points, of trial {input.Completed[3].Trial.Id} 101; allowed: as many", curve.Reason);
    }

    private static ComparisonSection Find(ReportDocument document, string b, int width) =>
        document.Comparisons.Single(c => c.Metric == "log_likelihood" && c.B == b && (int?)c.Where["width"] == width);

    private static Dictionary<string, MetricValue> Value(int arm, int seed) => LogLikelihood(-5 + arm + (0.3 * Math.Sin((arm * 3.1) + (seed * 2.3))));

    private static Dictionary<string, MetricValue> LogLikelihood(double value) => new() { ["log_likelihood"] = new MetricValue(value, 0) };

    private static Dictionary<string, MetricValue> Diverged(int coordinates, int total) => new()
    {
        ["log_likelihood"] = new MetricValue(null, 0, "256 of 256 samples have no finite log-density"),
        ["energy_distance"] = new MetricValue(null, 0.01, new NonFiniteSamples(coordinates, total).Reason),
    };

    /// <param name="metrics">By data set, arm, width and seed; null for a trial that failed.</param>
    private static ReportDocument Build(Func<string, int, int, int, Dictionary<string, MetricValue>?> metrics, int seeds = 3, bool failed = true,
        string? note = null)
    {
        List<CompletedTrial> completed = [];
        List<FailedTrial> lost = [];
        foreach (int arm in Enumerable.Range(0, 3))
        {
            foreach (int width in SyntheticSweep.Widths)
            {
                foreach (int seed in Enumerable.Range(0, seeds))
                {
                    CompletedTrial trial =
                        SyntheticSweep.With("ica4", SyntheticSweep.Preprocessings[arm], width, seed, metrics("ica4", arm, width, seed) ?? []);
                    if (note is not null)
                        trial = trial with { Result = trial.Result with { Notes = [note] } };
                    if (trial.Result.Metrics.Count > 0)
                        completed.Add(trial);
                    else if (failed)
                        lost.Add(new FailedTrial(trial.Trial, "failed", "out of luck"));
                }
            }
        }

        return ReportBuilder.Build(SyntheticSweep.Input() with
        {
            Spec = SyntheticSweep.Only("ica4") with { Seeds = [.. Enumerable.Range(0, seeds).Select(s => (long)s)] }, Completed = completed, Failed = lost,
        });
    }
}
