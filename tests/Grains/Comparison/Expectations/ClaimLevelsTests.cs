using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Expectations;

/// <summary>
/// The least level at which a claim is supported. By hand: with 2 degrees of freedom P(|T| &gt; t) = 1 - t / √(2 + t²), and 1, 2, 3 over the seeds are 2
/// with a standard error of 1 / √3.
/// </summary>
public sealed class ClaimLevelsTests
{
    private const string One = "{claim: c, where: {preprocessing: none, width: 8}, metric: energy_distance, is: ";

    [Theory]
    [InlineData("<= 4.5", 2.5)]
    [InlineData("< 4.5", 2.5)]
    [InlineData("> -0.5", 2.5)]
    [InlineData("|x| <= 4.5", 2.5)]
    [InlineData("|x| >= 1", 1.0)]
    [InlineData("<= 2", 0.0)]
    [InlineData("< 1", null)]
    [InlineData("|x| >= 4.5", null)]
    public void Of_OneValue_IsTheLevelOfTheWidestIntervalThatSatisfies(string condition, double? distance) =>
        Near(distance is { } d ? TwoDegrees(d * Math.Sqrt(3)) : 1, Of($"{One}'{condition}'}}", t => Energy(t.Seed + 1)));

    [Fact]
    public void Of_SeveralGroups_IsTheLargest() => Near(
        TwoDegrees(2 * Math.Sqrt(3)),
        Of("{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 4'}", t => Energy(t.Seed + (t.Network.Width == 8 ? 1 : 0))));

    [Fact]
    public void Of_EqualSeeds_IsNothingOrOne()
    {
        Assert.Equal(0, Of($"{One}'< 4'}}", _ => Energy(3)));
        Assert.Equal(1, Of($"{One}'< 3'}}", _ => Energy(3)));
    }

    [Fact]
    public void Of_WhenASeedIsMissing_IsNone() =>
        Assert.Null(Of($"{One}'< 4'}}", t => t.Seed == 1 ? Result("energy_distance", new MetricValue(null, null, "overflow")) : Energy(1)));

    /// <summary>Of eight seeds 2 P(Bin(8, 1/2) &lt;= k - 1) is 1/128, 9/128, 37/128 and 93/128; the k-th largest are 8, 7, 6, 5.</summary>
    [Theory]
    [InlineData("<= 8", 1)]
    [InlineData("<= 7", 9)]
    [InlineData("<= 6.5", 37)]
    [InlineData("<= 5", 93)]
    [InlineData("<= 4", 128)]
    public void Of_AMedian_IsTheSignTests(string condition, int outOf128) =>
        Near(outOf128 / 128.0, Of($"{One}'{condition}', over: median}}", t => Energy(t.Seed + 1), "8"));

    /// <summary>3, 3 and never, which counts as 4: 10/3 with a standard error of 1/3, and above every bound.</summary>
    [Theory]
    [InlineData(">= 2", 4.0)]
    [InlineData("<= 100", null)]
    public void Of_SeedsThatAreNever_CountsThemBeyondEveryStep(string condition, double? errors) => Near(
        errors is { } t ? TwoDegrees(t) : 1,
        Of("{claim: c, where: {preprocessing: none, width: 8}, metric: steps_to_threshold, is: '" + condition + "'}",
            t => Result("steps_to_threshold", t.Seed == 2 ? new MetricValue(null, null, "never") : new MetricValue(3))));

    /// <summary>The claim at 2.5, its control certainly not at 1: refuted there by ten, or by one and a half.</summary>
    [Theory]
    [InlineData(10, 2.5)]
    [InlineData(4, 1.5)]
    [InlineData(0, null)]
    public void Of_AClaimWithAControl_NeedsThatToFailToo(double apart, double? distance) => Near(
        distance is { } d ? TwoDegrees(d * Math.Sqrt(3)) : 1,
        Of($"{One}'<= 4.5', control: {{where: {{preprocessing: whiten}}}}}}", t => Energy(t.Seed + 1 + (t.Preprocessing.Name == "whiten" ? apart : 0))));

    /// <summary>3 at width 8 and 1 at 16, each with a standard error of 0.1 / √3: both are decided at twice the level of 1 from the bound.</summary>
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(1.5, 0.5)]
    [InlineData(3, null)]
    public void Of_AClaimAlongAnAxis_IsTheBandsLevelAtWhichItBeginsToHold(double wide, double? distance) => Near(
        distance is { } d ? 2 * TwoDegrees(d * Math.Sqrt(3) / 0.1) : 1,
        Of("{claim: c, where: {preprocessing: none}, along: {width: [8, 16]}, metric: energy_distance, is: '< 2'}",
            t => Energy((t.Network.Width == 8 ? 3 : wide) + ((t.Seed - 1) * 0.1))));

    [Theory]
    [InlineData("{claim: c, metric: energy_distance, is: '< 1.6'}")]
    [InlineData("{claim: c, metric: energy_distance, is: '|x| <= 1.7'}")]
    [InlineData("{claim: c, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: '|b - a| >= 0.4'}")]
    [InlineData("{claim: c, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: 'ln(b / a) <= 0.1'}")]
    [InlineData("{claim: c, compare: {preprocessing: [none, whiten]}, metric: energy_distance, is: 'b / a < 0.9'}")]
    [InlineData("{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 1.6', control: {where: {preprocessing: whiten}}}")]
    [InlineData("{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 2', control: {where: {preprocessing: whiten}, "
        + "claim_minus_control: '< 0.7'}}")]
    [InlineData("{claim: c, along: {width: [8, 16]}, metric: energy_distance, is: '< 1.3'}")]
    [InlineData("{claim: c, where: {preprocessing: none}, along: {width: [8, 16]}, metric: energy_distance, is: '< 1.3', "
        + "control: {where: {preprocessing: whiten}}}")]
    [InlineData("{claim: c, where: {preprocessing: none}, metric: energy_distance, is: '< 1.4', over: median}")]
    public void Of_WhateverTheResults_IsAtMostTheLevelJustWhereTheClaimIsSupported(string claim)
    {
        string seeds = claim.Contains("median", StringComparison.Ordinal) ? "7" : "3";
        SweepSpec spec = Spec(claim, seeds);
        TrialSpec[] trials = [.. TrialExpansion.Expand(spec)];
        int supported = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            PhiloxStream random = new((ulong)seed, NoisePurpose.TestPoints);
            Dictionary<string, double> center = trials.Select(t => t.Group).Distinct().ToDictionary(g => g, _ => 1 + random.NextDouble());
            ReportInput input = SyntheticSweepInput.Of(spec,
                [.. trials.Select(t => new CompletedTrial(t, Energy(center[t.Group] + ((random.NextDouble() - 0.5) * (seed % 4) / 5))))]);
            TrialTable table = new(spec, input.Completed);
            bool holds = new ExpectationJudge(table, []).Judge(spec.Expectations[0]).Verdict == ExpectationVerdict.Supported;
            double p = new ClaimLevels(input, table).Of(spec.Expectations[0])!.Value;
            Assert.True(holds == p <= 0.05, $"seed {seed}: supported {holds}, p {p:R}");
            supported += holds ? 1 : 0;
        }

        Assert.InRange(supported, 4, 396);
    }

    /// <summary>Seeds 1, 2, 3 and then 2, 2: looks at three and five seeds, 2 p and 6 p.</summary>
    [Fact]
    public void Of_ASweepThatWasExtended_IsTheSmallestOverLooksAtTheirShares()
    {
        static TrialResult At(TrialSpec t) => Energy(t.Seed < 3 ? t.Seed + 1 : 2);
        string claim = $"{One}'<= 4.5'}}";
        double first = Of(claim, At)!.Value, both = Of(claim, At, "5")!.Value;
        SweepSpec spec = Spec(claim, "5");
        SweepLook look = Look(spec);
        Near(Math.Min(2 * first, 6 * both), Of(spec with { Looks = [look] }, At));
        Assert.True(6 * both < 2 * first);
        Near(2 * first, Of(spec with { Looks = [look] }, t => t.Seed < 3 ? At(t) : Energy(t.Seed * 100))); // what came later says nothing
    }

    /// <summary>No look is at full level where nobody declared how many there will be, and the report says so.</summary>
    [Fact]
    public void Judge_OfAnExtendedSweep_IsAtThePresentLooksShareOfTheLevel()
    {
        static TrialResult At(TrialSpec t) => Energy(t.Seed < 3 ? t.Seed + 1 : 2);
        List<(string Plain, string Extended)> verdicts = [];
        for (double bound = 2.5; bound < 5; bound += 0.125)
        {
            SweepSpec spec = Spec(FormattableString.Invariant($"{One}'<= {bound}'}}"), "5");
            ExpectationRules rules = Rules(spec), extended = Rules(spec with { Looks = [Look(spec)] });
            double p = Of(spec, At)!.Value;
            Assert.Equal((p <= 0.05 ? 1 : 0, 6 * p <= 0.05 ? 1 : 0), (rules.Supported, extended.Supported));
            Assert.DoesNotContain("extended", rules.Method, StringComparison.Ordinal);
            Assert.Contains("divided by 6: intervals are at 99.167% in place of 95%", extended.Method, StringComparison.Ordinal);
            verdicts.Add(($"{rules.Supported}", $"{extended.Supported}"));
        }

        Assert.Equal([("0", "0"), ("1", "0"), ("1", "1")], verdicts.Distinct());

        static ExpectationRules Rules(SweepSpec spec) => ReportBuilder.Build(
            SyntheticSweepInput.Of(spec, [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, At(t)))])).ExpectationRules!;
    }

    /// <summary>
    /// Where the truth lies on the bound, a claim of one side is supported at a level half as often as that, one of two sides as often: five normal seeds,
    /// 20,000 times, within three standard errors.
    /// </summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.05)]
    [InlineData(0.01)]
    public void LeastLevel_WhenTheTruthIsOnTheBound_IsSmallNoMoreOftenThanItSays(double level)
    {
        const int Count = 20_000;
        int one = 0, two = 0;
        for (int i = 0; i < Count; i++)
        {
            double[] x = new double[5];
            new PhiloxStream((ulong)i, NoisePurpose.TestPoints).FillNormal(x);
            one += SeedRange.LeastLevel(x, x, (_, high) => high < 0) <= level ? 1 : 0;
            two += SeedRange.LeastLevel(x, x, (low, high) => high < 0 || low > 0) <= level ? 1 : 0;
        }

        Assert.Equal(level / 2, (double)one / Count, 3 * Math.Sqrt(level / 2 / Count));
        Assert.Equal(level, (double)two / Count, 3 * Math.Sqrt(level / Count));
    }

    /// <summary>All groups with the first three seeds.</summary>
    private static SweepLook Look(SweepSpec spec) => new(DateTimeOffset.UnixEpoch, 12, 12, [0, 1, 2],
        spec.Axes.ToDictionary(a => a.Name, IReadOnlyList<string> (a) => [.. a.Values.Select(v => v.ToString())]));

    private static double TwoDegrees(double t) => 1 - (t / Math.Sqrt(2 + (t * t)));

    /// <summary>The reference is a difference from 1, so it has no more digits than that.</summary>
    private static void Near(double expected, double? actual) => Assert.Equal(expected, actual!.Value, 1e-12);

    private static double? Of(string claim, Func<TrialSpec, TrialResult> result, string seeds = "3") => Of(Spec(claim, seeds), result);

    private static double? Of(SweepSpec spec, Func<TrialSpec, TrialResult> result)
    {
        ReportInput input = SyntheticSweepInput.Of(spec, [.. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, result(t)))]);
        return new ClaimLevels(input, new TrialTable(spec, input.Completed)).Of(spec.Expectations[0]);
    }

    private static SweepSpec Spec(string claim, string seeds)
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: {seeds}\naxes:\n  dataset: gmm-ring\n  preprocessing: [none, whiten]\n  schedule: edm\n  width: [8, 16]\n"
                + $"sampling: {{steps: 3}}\nexpect: [{claim}]\n", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }

    private static TrialResult Energy(double value) => Result("energy_distance", new MetricValue(value));

    private static TrialResult Result(string metric, MetricValue value) => new()
    {
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { [metric] = value },
        Curves = new Dictionary<string, float[]>(StringComparer.Ordinal),
        Device = "cpu",
    };
}
