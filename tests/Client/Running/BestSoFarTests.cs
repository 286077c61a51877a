using System.Text.Json.Nodes;
using Sweep.Client.Running;
using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Running;

public sealed class BestSoFarTests
{
    private const double Level = -1;

    /// <summary>A metric, the better of two values and the worse; the truth level is -1 where there is one.</summary>
    [Theory]
    [InlineData("log_likelihood", -0.9, -0.5)]
    [InlineData("log_likelihood", -1.2, -3)]
    [InlineData("log_likelihood_total_variation", 3, 4)]
    [InlineData("energy_distance", -0.01, 0.5)]
    [InlineData("mode_coverage", 0.9, 0.2)]
    [InlineData("bifurcation_sigma", -1.5, 0.5)]
    [InlineData("train_seconds", 1, 2)]
    public void Lines_WhateverTheMetric_HaveTheGroupThatIsBetterByIt(string metric, double better, double worse)
    {
        BestLine best = Best(metric, ("good", new MetricValue(better, Level)), ("bad", new MetricValue(worse, Level)));
        Assert.Equal(("good", better, Level), (best.Group, best.Mean, best.TruthLevel));
        Assert.Equal("good", Best(metric, ("bad", new MetricValue(worse, Level)), ("good", new MetricValue(better, Level))).Group);
    }

    /// <summary>Along a curve: more explained is better, more loss is worse, nearer to the truth level is better.</summary>
    [Theory]
    [InlineData("explained_score.gaussian@1", 0.9f, 0.2f)]
    [InlineData("training_loss@4000", 0.1f, 0.2f)]
    [InlineData("log_likelihood@1", -1.1f, -0.5f)]
    [InlineData("log_likelihood_x0@1", -1.1f, -0.5f)]
    [InlineData("log_likelihood_gap@1", -1.1f, -0.5f)]
    public void Lines_OfAReadOff_GoByItsCurve(string metric, float better, float worse)
    {
        string curve = MetricReader.Curves(metric)[0];
        var best = new BestSoFar(metric);
        foreach ((string group, float value) in new[] { ("bad", worse), ("good", better) })
        {
            float[] points = curve == "training_loss" ? [value] : [9, value];
            TrialSpec trial = Trial(group, 0) with { Diagnostics = new DiagnosticsSpec { ExplainedShare = ["gaussian"], Sigmas = [0.5, 1] } };
            best.Add(trial, Result(new() { [curve] = points }, ("log_likelihood", new MetricValue(-2, Level))));
        }

        Assert.Equal("good", Assert.Single(best.Lines()).Group);
    }

    /// <summary>A group of which one seed arrives at once and the others never is not the fastest.</summary>
    [Fact]
    public void Lines_WhenSeedsNeverArrive_CountThemAsLate()
    {
        BestLine best = Best(
            "steps_to_threshold", ("lucky", new MetricValue(3)), ("lucky", new MetricValue(null, null, "never")), ("steady", new MetricValue(20)),
                ("steady", new MetricValue(22)));
        Assert.Equal(("steady", 21, 2), (best.Group, best.Mean, best.Seeds));
        Assert.Equal(101, Best("steps_to_threshold", ("late", new MetricValue(null, null, "never"))).Mean);
    }

    [Fact]
    public void Lines_WhenASeedHasNoValue_HaveItsGroupBehindOthers() => Assert.Equal("whole", Best(
        "energy_distance", ("broken", new MetricValue(0.1)), ("broken", new MetricValue(null, null, "overflow")), ("whole", new MetricValue(0.5))).Group);

    [Fact]
    public void Lines_WhenNothingCanBeRanked_AreNone()
    {
        var best = new BestSoFar("log_likelihood");
        best.Add(Trial("a", 0), Result([], ("log_likelihood", new MetricValue(null, null, "the dataset's density is not known"))));
        best.Add(Trial("b", 0), Result([], ("log_likelihood", new MetricValue(-2))));
        Assert.Empty(best.Lines());
    }

    private static BestLine Best(string metric, params (string Group, MetricValue Value)[] trials)
    {
        var best = new BestSoFar(metric);
        for (int i = 0; i < trials.Length; i++)
            best.Add(Trial(trials[i].Group, i), Result([], (metric, trials[i].Value)));
        return Assert.Single(best.Lines());
    }

    private static TrialSpec Trial(string group, int seed) =>
        Samples.Trial(seed) with { Group = group, Axes = new JsonObject { ["dataset"] = "ring8", ["preprocessing"] = group } };

    private static TrialResult Result(Dictionary<string, float[]> curves, params (string Name, MetricValue Value)[] metrics) => Samples.Result() with
    {
        Metrics = metrics.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal),
        Curves = curves,
    };
}
