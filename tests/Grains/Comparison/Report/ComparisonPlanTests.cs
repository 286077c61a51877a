using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>Families are fixed by the spec alone.</summary>
public sealed class ComparisonPlanTests
{
    [Fact]
    public void Size_WhenThreeDataSetsArmsAndFourWidths_IsTwentyFourGroupsAndSixAverages() => Assert.Equal(30, FamilyWords.Size(Spec("""
        sweep: s
        seeds: 3
        axes:
          dataset: [{kind: gmm-grid, name: grid9}, {kind: gmm-ring, name: ring8}, {kind: gmm-product, name: ica4}]
          preprocessing: [standardize, whiten, gaussianize]
          width: [8, 16, 32, 64]
        """)));

    [Fact]
    public void Of_WhenADataSetHasNoDensity_PlansNoLikelihoodThere()
    {
        ComparisonPlan plan = new(Spec(Mixed));
        Assert.Equal([0, 0, 0], plan.Of("log_likelihood").Select(p => p.Places[0][0]));
        Assert.Equal(6, plan.Size("energy_distance"));
        Assert.Equal("needs a dataset with known density", plan.Missing("log_likelihood", [1, 0, 0, 0]));
    }

    [Fact]
    public void Size_WhenAFileIsNoLongerThere_IsTheSame()
    {
        string path = Path.GetTempFileName();
        string csv = path + ".csv";
        File.WriteAllText(csv, "x,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i * i}\n")));
        SweepSpec read = Spec(Mixed.Replace("moons", $"{{kind: file, name: mine, path: {csv}}}", StringComparison.Ordinal));
        File.Delete(csv);
        File.Delete(path);
        SweepSpec restored = SweepSpecJson.Restore(read.Resolved.ToJsonString(), read.Source);
        Assert.Equal(3, FamilyWords.Size(restored));
        Assert.Equal(6, new ComparisonPlan(restored).Size("energy_distance"));
    }

    [Fact]
    public void Of_WhenSomeGroupsOfAnAverageCannotHaveTheMetric_PlansNoSuchAverage()
    {
        // Reference denoisers are not trained.
        ComparisonPlan plan = new(Spec("""
            sweep: s
            seeds: 3
            axes:
              dataset: {kind: gmm-ring, name: ring8}
              preprocessing: [standardize, whiten]
              network.kind: [mlp, exact]
            diagnostics: {validation_loss: true}
            compare: {axis: preprocessing, metric: energy_distance}
            """));
        Assert.Equal(3, plan.Size("energy_distance"));
        PlannedComparison only = Assert.Single(plan.Of("steps_to_final_loss"));
        Assert.Empty(only.Averaged);
    }

    [Fact]
    public void Of_WhenASpecHasNoComparedAxis_PlansNothing()
    {
        SweepSpec spec = SyntheticSweep.Spec();
        Assert.Empty(new ComparisonPlan(spec with { Compare = spec.Compare with { Axis = "depth" } }).Of("log_likelihood"));
    }

    [Fact]
    public void Of_WhenTheBaselineIsNotOnItsAxis_SaysWhatIs()
    {
        SweepSpec spec = SyntheticSweep.Spec();
        ArgumentException error = Assert.Throws<ArgumentException>(() => new ComparisonPlan(spec with { Compare = spec.Compare with { Baseline = "pca" } }));
        Assert.Contains("pca; allowed: standardize, whiten, gaussianize", error.Message, StringComparison.Ordinal);
    }

    private const string Mixed = """
        sweep: s
        seeds: 3
        axes:
          dataset: [{kind: gmm-ring, name: ring8}, moons]
          preprocessing: [standardize, whiten]
          width: [8, 16]
        compare: {metric: log_likelihood}
        """;

    private static SweepSpec Spec(string text)
    {
        SpecReading reading = SpecReader.ReadText(text, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }
}
