using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>The headline names what was measured and compared; what was not, with why.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Headline_WhenADataSetHasNoDensity_DoesNotSpeakOfItAsCompared()
    {
        AnswerSection answer = Of(["{kind: gmm-ring, name: ring8}", "moons"], (dataset, arm, seed) => dataset is "moons"
            ? new() { ["log_likelihood"] = new MetricValue(null, null, "the dataset's density is not known"),
                ["energy_distance"] = new MetricValue(0.1 + (seed * 0.01), 0) }
            : Noise(arm, seed));
        Assert.Equal("whiten does not differ certainly from standardize in final log-likelihood on ring8. Not compared: moons (density not known).",
            answer.Headline);
    }

    [Fact]
    public void Headline_WhenEveryBaselineTrialFailedOnADataSet_SaysWhyNothingIsComparedThere()
    {
        AnswerSection answer = Of(["{kind: gmm-ring, name: ring8}", "{kind: gmm-grid, name: grid9}"],
            (dataset, arm, seed) => dataset is "grid9" && arm == 0 ? null : Noise(arm, seed));
        Assert.Equal(
            "whiten does not differ certainly from standardize in final log-likelihood on ring8. Not compared: grid9 (standardize has no result in 3 of 3 "
                + "seeds).", answer.Headline);
    }

    [Fact]
    public void Headline_WhenManyDataSets_CountsThem()
    {
        string[] datasets = [.. Enumerable.Range(0, 20).Select(i => $"{{kind: gmm-ring, name: r{i}, components: {i + 2}}}")];
        AnswerSection answer = Of(datasets, (dataset, arm, seed) => int.Parse(dataset[1..]) < 5 && arm == 1 ? null : Noise(arm, seed));
        Assert.Equal(
            "whiten does not differ certainly from standardize in final log-likelihood on 15 data sets. Not compared: r0, r1, r2, r3 and r4 (whiten has no "
                + "result in 3 of 3 seeds).",
            answer.Headline);
    }

    [Fact]
    public void Headline_WhenNoTrialOfADataSetIsLeft_NamesItToo()
    {
        AnswerSection answer =
            Of(["{kind: gmm-ring, name: ring8}", "{kind: gmm-grid, name: grid9}"], (dataset, arm, seed) => dataset is "grid9" ? null : Noise(arm, seed));
        Assert.EndsWith("on ring8. Not compared: grid9 (no trial there completed).", answer.Headline, StringComparison.Ordinal);
    }

    private static Dictionary<string, MetricValue> Noise(int arm, long seed) => new()
    {
        ["log_likelihood"] = new MetricValue(-2 + (0.3 * Math.Sin((arm * 3.1) + (seed * 2.3))), -1),
        ["energy_distance"] = new MetricValue(0.1 + (0.01 * Math.Sin((arm * 2.1) + (seed * 1.3))), 0),
    };

    /// <param name="datasets">As the spec has them.</param>
    /// <param name="metrics">Null for a trial that failed.</param>
    private static AnswerSection Of(string[] datasets, Func<string, int, long, Dictionary<string, MetricValue>?> metrics)
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 3\naxes:\n  dataset: [{string.Join(", ", datasets)}]\n  preprocessing: [standardize, whiten]\n", "spec.yaml", Path.GetTempPath(),
                SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        List<CompletedTrial> completed = [];
        List<FailedTrial> failed = [];
        foreach (TrialSpec trial in TrialExpansion.Expand(reading.Spec!))
        {
            if (metrics(trial.Dataset.Name, trial.Preprocessing.Name is "standardize" ? 0 : 1, trial.Seed) is { } measured)
                completed.Add(new CompletedTrial(trial,
                    new TrialResult { Metrics = measured, Curves = new Dictionary<string, float[]>(StringComparer.Ordinal), Device = "cpu" }));
            else
                failed.Add(new FailedTrial(trial, "failed", "out of luck"));
        }

        return ReportBuilder.Build(SyntheticSweep.Input() with { Spec = reading.Spec!, Completed = completed, Failed = failed }).Answer;
    }
}
