using System.Globalization;
using System.Text.Json;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Expectations;

/// <summary>
/// Verdicts by hand: of three seeds the 95% interval is the mean ± 4.302653 s / √3, at 97.5% (two groups) ± 6.205347 s / √3 (quantiles of Student's t with 2
/// degrees of freedom, computed with SciPy 1.10.1).
/// </summary>
public sealed class ExpectationJudgeTests
{
    private const double Half = 4.302652729911275 / 1.7320508075688772;

    /// <summary>Energy distance 1, 2, 3 over the seeds: 2 ± 2.484.</summary>
    [Theory]
    [InlineData("<= 4.5", "supported")]
    [InlineData("<= 4.4", "undecided")]
    [InlineData("> -0.5", "supported")]
    [InlineData("< -0.5", "refuted")]
    [InlineData("|x| <= 4.5", "supported")]
    [InlineData("|x| >= 4.5", "refuted")]
    [InlineData("|x| >= 1", "undecided")]
    public void Judge_WhenItIsOneValue_HoldsItsIntervalAgainstTheBound(string condition, string verdict)
    {
        ExpectationSection section =
            Judge("{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: '" + condition + "'}", t => Energy(t.Seed + 1));
        ExpectationGroupSection group = Assert.Single(section.Groups);
        Assert.Equal((verdict, verdict), (section.Verdict, group.Verdict));
        Near.Relative(2, group.Mean);
        Near.Relative(Half, 2 - group.Low);
        Near.Relative(Half, group.High - 2);
        Assert.Equal([1, 2, 3], group.PerSeed);
        Assert.Equal(3, group.Seeds);
    }

    /// <summary>a is 1, 2, 6 and b is a - 1, so that the difference is -1 in every seed, though the values' own intervals are wide.</summary>
    [Theory]
    [InlineData("b < a", "supported", -1.0)]
    [InlineData("b - a <= -1", "supported", -1.0)]
    [InlineData("a - b >= 1.5", "refuted", 1.0)]
    [InlineData("|b - a| <= 0.5", "refuted", -1.0)]
    public void Judge_WhenTwoValuesOfAnAxisAreCompared_PairsTheSeeds(string condition, string verdict, double mean)
    {
        double[] a = [1, 2, 6];
        ExpectationSection section = Judge(
            "{claim: c, where: {width: 8}, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: '" + condition + "'}",
            t => Energy(t.Preprocessing.Name == "whiten" ? a[t.Seed] - 1 : a[t.Seed]));
        ExpectationGroupSection group = Assert.Single(section.Groups);
        Assert.Equal((verdict, mean), (section.Verdict, group.Mean));
        Assert.Equal((mean, mean), (group.Low, group.High));
        Assert.Equal((3, 2), (group.A, group.B));
        Assert.False(group.Axes.ContainsKey("preprocessing"));
        Assert.Equal(new ExpectationSides("preprocessing", "none", "whiten"), section.Compare);
    }

    /// <summary>a 10, b 1, 2, 3: b - 0.3 a is -2, -1, 0.</summary>
    [Fact]
    public void Judge_WhenItIsARatio_JudgesTheLinearContrast()
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {width: 8}, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: 'b / a <= 0.3'}",
            t => Energy(t.Preprocessing.Name == "whiten" ? t.Seed + 1 : 10));
        Assert.Equal(("b - 0.3 a", "<=", 0.0), (section.Quantity, section.Relation, section.Threshold));
        Near.Relative(Half, -1 - section.Groups[0].Low);
        Assert.Equal("undecided", section.Verdict);
    }

    [Fact]
    public void Judge_WhenARatioHasNoMeaning_IsUndecidedAndSaysWhy()
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {width: 8}, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: 'ln(b / a) >= 0.1'}",
            t => Energy(t.Preprocessing.Name == "none" && t.Seed == 1 ? 0 : 5));
        Assert.Equal(("undecided", "a or b is not above 0, so the ratio has no logarithm (seed 1)"), (section.Verdict, section.Groups[0].Reason));
    }

    [Fact]
    public void Judge_WhenTwoMetricsAreCompared_PairsThemWithinTrials()
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {width: 8, preprocessing: none}, compare: {metric: [log_likelihood_gap@1, log_likelihood_gap@2]}, is: 'b - a <= -2'}",
            t => new TrialResult
            {
                Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["log_likelihood"] = new(-1, -0.5) },
                Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = [-9, -4 - t.Seed, -1 - t.Seed] },
                Device = "cpu",
            });
        Assert.Equal(("supported", -3.0), (section.Verdict, section.Groups[0].Mean));
        Assert.Equal((4.5, 1.5), (section.Groups[0].A, section.Groups[0].B));
        Assert.Equal(new ExpectationSides("metric", "log_likelihood_gap@1", "log_likelihood_gap@2"), section.Compare);
    }

    /// <summary>Widths 8 and 16 with 2 ± 2.484 (by 97.5%: ± 3.583) and 5 in all seeds: all must hold.</summary>
    [Theory]
    [InlineData("> -0.5", "supported", "in both groups", 0)]
    [InlineData("<= 4.5", "refuted", "refuted in 1 of 2 groups", 1)]
    [InlineData("> 4.6", "undecided",
        "undecided in 0 of 2 groups; refuted in 1 by the interval of one group, but not by the wider one that 2 groups ask for", 0)]
    [InlineData("> 5.6", "refuted", "refuted in 2 of 2 groups", 0)]
    [InlineData("> 3", "undecided", "undecided in 1 of 2 groups", 0)]
    public void Judge_WhenAnAxisIsLeftOpen_IsAboutEveryGroup(string condition, string verdict, string reason, int decisive)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '" + condition + "'}", t => Energy(t.Network.Width == 8 ? t.Seed + 1 : 5));
        Assert.Equal(2, section.Groups.Count);
        Assert.Equal((verdict, reason, decisive), (section.Verdict, section.Reason, section.Decisive));
    }

    /// <summary>Never is beyond every number of steps; by itself it counts as 4, one beyond the last of these trials' 3 steps.</summary>
    [Theory]
    [InlineData("> 3", "supported", null, null, null)]
    [InlineData("<= 3", "refuted", null, null, null)]
    [InlineData("> 5", "undecided", null, null, null)]
    // 0, never, never: every seed's value and 8/3 ± 5.74, cut at 0.
    [InlineData("> 3", "undecided", 0, null, null)]
    // 3, 3, never: 10/3 ± 1.43.
    [InlineData(">= 1.8", "supported", 3, 3, null)]
    [InlineData(">= 2", "undecided", 3, 3, null)]
    [InlineData("< 1.8", "refuted", 3, 3, null)]
    [InlineData("<= 100", "undecided", 3, 3, null)]
    public void Judge_WhenSeedsAreNever_CountsThemBeyondEveryStep(string condition, string verdict, int? first, int? second, int? third)
    {
        int?[] steps = [first, second, third];
        ExpectationSection section =
            Judge("{claim: c, where: {preprocessing: none, width: 8}, metric: steps_to_threshold, is: '" + condition + "'}", t => Steps(steps[t.Seed]));
        ExpectationGroupSection group = section.Groups[0];
        Assert.Equal((verdict, null, "above"), (section.Verdict, group.Mean, group.Unbounded));
        Assert.Null(group.High);
        Assert.Equal($"never in {steps.Count(s => s is null)} of 3 seeds", group.Reason);
        Assert.Equal(steps.Select(s => (double?)s), group.PerSeed);
    }

    [Fact]
    public void Judge_WhenOneSideIsNever_BoundsTheDifference()
    {
        const string Claim = "{claim: c, where: {width: 8}, compare: {preprocessing: [none, whiten]}, metric: steps_to_threshold, is: ";
        ExpectationSection section = Judge(Claim + "'b - a <= -1'}", t => Steps(t.Preprocessing.Name == "whiten" ? 2 : null));
        Assert.Equal(("supported", "below", -2.0), (section.Verdict, section.Groups[0].Unbounded, section.Groups[0].High));
        ExpectationSection both = Judge(Claim + "'b < a'}", _ => Steps(null));
        Assert.Equal("undecided", both.Verdict);
        Assert.StartsWith("both sides are never", both.Groups[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// Seven seeds: 1 - 2 / 2^7 = 98.4% between the least and the largest, and 87.5% within the next, so the 95% interval is all of them. Nine: 2 (1 + 9) / 2^9
    /// = 3.9%, so it is the second least to the second largest.
    /// </summary>
    [Theory]
    [InlineData("7", "< 1e9", "supported", 4.0, 1.0, 1e6)]
    [InlineData("7", "> 1", "undecided", 4.0, 1.0, 1e6)]
    [InlineData("9", "< 9", "supported", 5.0, 2.0, 8.0)]
    [InlineData("9", "<= 1", "refuted", 5.0, 2.0, 8.0)]
    public void Judge_WhenItIsAboutTheMedian_TakesOrderStatistics(string seeds, string condition, string verdict, double median, double low, double high)
    {
        ExpectationSection section = Judge("{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, over: median, is: '" + condition + "'}",
            t => Energy(t.Seed + 1 == int.Parse(seeds, CultureInfo.InvariantCulture) ? 1e6 : t.Seed + 1), seeds);
        Assert.Equal((verdict, "median"), (section.Verdict, section.Over));
        Assert.Equal((median, low, high), (section.Groups[0].Mean, section.Groups[0].Low, section.Groups[0].High));
    }

    /// <summary>Nine seeds, the last three never: the second largest is never too, the median and the second least are not.</summary>
    [Fact]
    public void Judge_WhenAMedianHasSeedsThatAreNever_OrdersThemLast()
    {
        ExpectationSection section = Judge("{claim: c, where: {preprocessing: none, width: 8}, metric: steps_to_threshold, over: median, is: '>= 1'}",
            t => Steps(t.Seed < 6 ? (int)t.Seed : null), "9");
        Assert.Equal(("supported", 4.0, 1.0, null, "above"),
            (section.Verdict, section.Groups[0].Mean, section.Groups[0].Low, section.Groups[0].High, section.Groups[0].Unbounded));
    }

    /// <summary>The median of seeds that are never all of them is never: at least 4, one step beyond the last of these trials' 3.</summary>
    [Theory]
    [InlineData("> 80", "supported")]
    [InlineData("<= 20", "refuted")]
    public void Judge_WhenAMedianIsNever_SaysTheLeastThatItCanBe(string condition, string verdict)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none, width: 8}, metric: steps_to_threshold, over: median, is: '" + condition + "'}", _ => Steps(null), "7");
        Assert.Equal((verdict, null, 4.0, null, "above"),
            (section.Verdict, section.Groups[0].Mean, section.Groups[0].Low, section.Groups[0].High, section.Groups[0].Unbounded));
        Assert.Equal("median at least 4 reverse steps (never in 7 of 7 seeds)", ExpectationWords.Estimate(section, section.Groups[0]));
    }

    /// <summary>Six seeds hold a median with 96.9%, but not with the 97.5% that two groups ask of a refutation.</summary>
    [Fact]
    public void Judge_WhenSeedsAreTooFewForManyGroups_RefutesNothing()
    {
        ExpectationSection section =
            Judge("{claim: c, where: {preprocessing: none}, metric: energy_distance, over: median, is: '< 0'}", t => Energy(t.Seed + 1), "6");
        Assert.Equal(("undecided", "refuted", "refuted"), (section.Verdict, section.Groups[0].Verdict, section.Groups[1].Verdict));
    }

    [Fact]
    public void Judge_WhenAllSeedsAgree_TakesTheirValueAsAPoint() =>
        Assert.Equal("supported", Judge("{claim: c, where: {preprocessing: none, width: 8}, metric: steps_to_threshold, is: '<= 0'}", _ => Steps(0)).Verdict);

    [Fact]
    public void Judge_WhenAMetricHasNoValue_IsUndecidedAndSaysWhy()
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: '> 0'}",
            t => t.Seed == 1 ? Result("energy_distance", new MetricValue(null, null, "overflow")) : Energy(1));
        Assert.Equal(("undecided", "energy_distance has no value for seed 1: overflow"), (section.Verdict, section.Reason));
        Assert.Equal(2, section.Groups[0].Seeds);
    }

    [Fact]
    public void Judge_WhenATrialIsMissing_IsUndecidedAndSaysWhy()
    {
        SweepSpec spec = Spec("{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: '> 0'}");
        List<TrialSpec> trials = [.. TrialExpansion.Expand(spec)];
        ReportDocument report = ReportBuilder.Build(Input(spec, [.. trials.Where(t => t.Seed == 0).Select(t => new CompletedTrial(t, Energy(1)))]) with
        {
            Failed = [new FailedTrial(trials.First(t => t is { Seed: 2, Preprocessing.Name: "none", Network.Width: 8 }), "failed", "the loss became NaN")],
        });
        Assert.Equal(("undecided", "no result for seed 1: not completed; no result for seed 2: failed"),
            (report.Expectations[0].Verdict, report.Expectations[0].Reason));
    }

    [Fact]
    public void Build_WhenExpectationsCameLate_SaysSo()
    {
        DateTimeOffset at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        const string Two = "{claim: c, metric: energy_distance, is: '> 0'}, {claim: d, metric: energy_distance, is: '< 0'}";
        SweepSpec spec = Spec(Two);
        ExpectationSpec[] now = [spec.Expectations[0] with { Registered = new(at, 0, 12) }, spec.Expectations[1] with { Registered = new(at, 12, 12) }];
        ReportDocument report = ReportBuilder.Build(Input(spec with { Expectations = now, Withdrawn = [now[0] with { Claim = "e" }] },
            [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, Energy(1)))]));
        Assert.Equal((1, 1, 0), (report.ExpectationRules!.Supported, report.ExpectationRules.Refuted, report.ExpectationRules.Undecided));
        Assert.Equal(
            "1 of 2 was added or changed after trials had completed: it describes results and did not predict them. 1 that an earlier spec of this sweep "
                + "stated was withdrawn or changed.",
            report.ExpectationRules.Registration);
        Assert.Equal("e", Assert.Single(report.ExpectationRules.Withdrawn).Claim);
        byte[] json = ReportJson.Serialize(report);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
        Assert.Equal("supported", JsonDocument.Parse(json).RootElement.GetProperty("expectations")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void Build_WhenNothingIsExpected_HasNoExpectations()
    {
        SweepSpec spec = Spec("");
        ReportDocument report = ReportBuilder.Build(Input(spec, [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, Energy(1)))]));
        Assert.Empty(report.Expectations);
        Assert.Null(report.ExpectationRules);
    }

    /// <summary>none has 1, 2, 3, whose interval is 2 ± 2.484, and whiten the same plus something: the control of "none is at most 4.5" is whiten.</summary>
    [Theory]
    [InlineData(10, "supported", true, "refuted")]
    [InlineData(0, "empty", false, "supported")]
    [InlineData(1, "empty", false, "undecided")]
    public void Judge_WhenAClaimHasAControl_IsEmptyUnlessItsConditionIsRefutedThere(double apart, string verdict, bool fails, string there)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: '<= 4.5', control: {where: {preprocessing: whiten}}}",
            t => Energy(t.Seed + 1 + (t.Preprocessing.Name == "whiten" ? apart : 0)));
        ExpectationSection control = Assert.Single(section.Controls!);
        Assert.Equal((verdict, fails, there, "preprocessing whiten"), (section.Verdict, control.Fails!.Value, control.Verdict, control.Claim));
        Assert.Equal("whiten", control.Groups[0].Axes["preprocessing"]!.GetValue<string>());
    }

    /// <summary>none has 1, 2, 3 and whiten exactly 0.5 less: each alone is beyond -1, and they differ by 0.5 in every seed.</summary>
    [Theory]
    [InlineData(">= 0.5", "supported", true)]
    [InlineData(">= 0.6", "empty", false)]
    public void Judge_WhenAControlStatesADifference_PairsItWithTheClaim(string difference, string verdict, bool fails)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: '> -1', control: {where: {preprocessing: whiten}, "
                + "claim_minus_control: '" + difference + "'}}",
            t => Energy(t.Seed + (t.Preprocessing.Name == "whiten" ? 0.5 : 1)));
        ExpectationSection control = Assert.Single(section.Controls!);
        Assert.Equal((verdict, fails), (section.Verdict, control.Fails!.Value));
        Assert.Equal((0.5, 0.5, "claim - control"), (control.Groups[0].Low, control.Groups[0].High, control.Quantity));
        Assert.Equal($"control preprocessing whiten {(fails ? "fails" : "does not fail")}: claim - control {difference}: claim - control = 0.500",
            ExpectationWords.Control(control));
    }

    /// <summary>
    /// Ahead of both needs both; a claim that is refuted stays refuted, whatever its controls do; and one group where a control holds is enough.
    /// </summary>
    [Fact]
    public void Judge_WhenOneOfTwoControlsHolds_IsEmpty()
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 2', control: [{where: {preprocessing: whiten}}, {where: {width: 16}}]}",
            t => Energy(t.Preprocessing.Name == "whiten" ? 9 : 1));
        Assert.Equal("empty", section.Verdict);
        Assert.Equal([true, false], section.Controls!.Select(c => c.Fails!.Value));
        Assert.Equal("refuted", Judge(
            "{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 2', control: {where: {preprocessing: whiten}}}", _ => Energy(3)).Verdict);
        ExpectationSection mixed = Judge(
            "{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 2', control: {where: {preprocessing: whiten}}}",
            t => Energy(t.Preprocessing.Name == "whiten" && t.Network.Width == 8 ? 9 : 1));
        Assert.Equal(("empty", "refuted"), (mixed.Verdict, mixed.Controls![0].Verdict));
    }

    [Fact]
    public void Build_WhenAClaimIsEmpty_CountsItApart()
    {
        SweepSpec spec = Spec("{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 2', control: {where: {preprocessing: whiten}}}");
        ReportDocument report = ReportBuilder.Build(Input(spec, [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, Energy(1)))]));
        Assert.Equal((0, 1), (report.ExpectationRules!.Supported, report.ExpectationRules.Empty));
        Assert.Equal("0 supported, 0 refuted, 0 undecided, 1 empty (a control does not fail)", ExpectationWords.Counts(report.ExpectationRules));
        byte[] json = ReportJson.Serialize(report);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    /// <summary>-0.5 less the curve's -3 - seed and seed - 1: gaps of 3.5 and -0.5, each ± 2.484 (by 97.5 %: ± 3.583).</summary>
    [Theory]
    [InlineData("<= 6", "supported")]
    [InlineData("<= 5.9", "undecided")]
    [InlineData(">= 3.1", "refuted")]
    public void Judge_WhenACurveIsReadAtSeveralSteps_IsAboutEachOfThem(string condition, string verdict)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {width: 8, preprocessing: none}, metric: log_likelihood_gap, at: [1, 2], is: '" + condition + "'}",
            t => new TrialResult
            {
                Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["log_likelihood"] = new(-1, -0.5) },
                Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = [-9, -3 - t.Seed, t.Seed - 1] },
                Device = "cpu",
            });
        Assert.Equal((verdict, 2), (section.Verdict, section.Groups.Count));
        Assert.Equal([1.0, 2.0], section.Groups.Select(g => g.Axes["at"]!.GetValue<double>()));
        Near.Relative(3.5, section.Groups[0].Mean);
        Near.Relative(-0.5, section.Groups[1].Mean);
    }

    /// <summary>Two values of an axis, equal in all seeds but for ± 0.1, whose simultaneous interval (at 97.5 %) is the mean ± 0.358.</summary>
    [Theory]
    [InlineData(3, 1, "supported", "begins to hold between 8 and 16")]
    [InlineData(1, 3, "refuted", "holds at 8 and fails at 16")]
    [InlineData(3, 3, "refuted", "fails at 2 of 2 values")]
    [InlineData(1, 1, "refuted", "holds at 2 of 2 values")]
    [InlineData(3, 1.7, "undecided", "fails at 1 of 2 values, is undecided at 1 of 2 values")]
    public void Judge_WhenItIsAlongAnAxis_SaysWhereItBeginsToHold(double narrow, double wide, string verdict, string reason)
    {
        ExpectationSection section = Judge(
            "{claim: c, where: {preprocessing: none}, along: {width: [8, 16]}, metric: energy_distance, is: '< 2'}",
            t => Energy((t.Network.Width == 8 ? narrow : wide) + ((t.Seed - 1) * 0.1)));
        Assert.Equal((verdict, reason, "width"), (section.Verdict, section.Reason, section.Along));
        Near.Relative(0.1 * 6.205346816570543 / Math.Sqrt(3), section.Groups[0].High - narrow);
    }

    /// <summary>The control must not cross: one that does makes the claim empty.</summary>
    [Theory]
    [InlineData(3, "supported")]
    [InlineData(1, "empty")]
    public void Judge_WhenAClaimAlongAnAxisHasAControl_ItMustNotCrossToo(double wide, string verdict) => Assert.Equal(verdict, Judge(
        "{claim: c, where: {preprocessing: none}, along: {width: [8, 16]}, metric: energy_distance, is: '< 2', control: {where: {preprocessing: whiten}}}",
        t => Energy(t.Network.Width == 8 ? 3 : t.Preprocessing.Name == "whiten" ? wide : 1)).Verdict);

    private static ExpectationSection Judge(string expectation, Func<TrialSpec, TrialResult> result, string seeds = "3")
    {
        SweepSpec spec = Spec(expectation, seeds);
        return Assert.Single(ReportBuilder.Build(Input(spec, [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, result(t)))])).Expectations);
    }

    private static SweepSpec Spec(string expectations, string seeds = "3")
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: {seeds}\naxes:\n  dataset: gmm-ring\n  preprocessing: [none, whiten]\n  schedule: edm\n  width: [8, 16]\nsampling: {{steps: "
                + $"3}}\nexpect: [" + expectations + "]\n",
            "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }

    private static ReportInput Input(SweepSpec spec, IReadOnlyList<CompletedTrial> completed) => SyntheticSweepInput.Of(spec, completed);

    private static TrialResult Energy(double value) => Result("energy_distance", new MetricValue(value));

    private static TrialResult Steps(int? steps) => Result("steps_to_threshold", steps is { } k ? new MetricValue(k) : new MetricValue(null, null, "never"));

    private static TrialResult Result(string metric, MetricValue value) => new()
    {
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { [metric] = value },
        Curves = new Dictionary<string, float[]>(StringComparer.Ordinal),
        Device = "cpu",
    };
}
