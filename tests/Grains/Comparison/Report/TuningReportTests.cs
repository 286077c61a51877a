using System.Text;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>What a report says of tuned arms: how each came to its setting, and that only what confirms it is compared.</summary>
public sealed class TuningReportTests
{
    private const string Metric = "energy_distance";

    [Fact]
    public void Build_OfTunedArms_HasEachArmsTuningWithItsBudget()
    {
        TuningSection tuning = ReportBuilder.Build(Input([[3, 1]])).Tuning!;

        Assert.Equal(["training.learning_rate"], tuning.Over);
        Assert.Equal(["preprocessing"], tuning.Per);
        Assert.Equal(("sobol", 4, Metric, "lower", true, 1), (tuning.Method, tuning.Settings, tuning.Metric, tuning.Better, tuning.Chosen, tuning.Repeats));
        Assert.Equal(["none", "standardize"], tuning.Arms.Select(a => a.Axes["preprocessing"]!.GetValue<string>()));
        Assert.All(tuning.Arms, a => Assert.Equal((8, 8 * 4000L, 0, 24.0), (a.Trials, a.TrainingSteps, a.WithoutScore, a.TrainSeconds)));
        TunedArmSection first = tuning.Arms[0];
        Assert.Equal([4, 2], tuning.Arms.Select(a => a.Choice!.Value));
        Assert.Equal(4, first.Tried.Count);
        Assert.Equal(first.Tried[3].Score, first.ChosenScore);

        // The best so far never gets worse.
        Assert.Equal(first.Tried.Select((_, i) => first.Tried.Take(i + 1).Min(t => t.Score)), first.Tried.Select(t => t.BestSoFar));

        // What was chosen has one score on the seeds that chose it and another on the sweep's.
        Assert.Equal(first.Tried[3].Score!.Value + 100.5, first.Confirmed!.Value, 9);
        Assert.True(first.ConfirmedLow < first.Confirmed && first.Confirmed < first.ConfirmedHigh);
    }

    [Fact]
    public void Build_OfTunedArms_ComparesOnlyWhatConfirms()
    {
        ReportInput input = Input([[3, 1]]);
        ReportDocument document = ReportBuilder.Build(input), without = ReportBuilder.Build(input with { Completed = input.Compared().Completed });

        Assert.Equal(Text(without.Comparisons), Text(document.Comparisons));
        Assert.Equal(2, document.Groups.Count);
        Assert.All(document.Groups, g => Assert.Equal(3, g.Seeds.Count));
        Assert.Equal((6 + 16, 22), (document.Trials.Completed, document.Trials.Total));
        Assert.Equal((6, 0), (ReportBuilder.InSpecOrder(input).Count(), (int)document.Trials.Unfinished));
        Assert.StartsWith("With training.learning_rate tuned for each preprocessing: ", document.Answer.Headline, StringComparison.Ordinal);
        string[] findings = [.. document.Answer.KeyFindings];
        Assert.Contains(findings, f => f.Contains("Pairs share seed and data, not settings. One tuning is one replicate", StringComparison.Ordinal));
        string markdown = ReportMarkdown.Of(document);
        Assert.Contains("## Tuning", markdown, StringComparison.Ordinal);
        Assert.Contains("Every arm tuned with 8 trials and 32,000 training steps", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("else equal", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenAChoiceIsAtTheEdge_NamesIt()
    {
        ReportInput input = Input([[0, 0]]);
        TunePlan plan = TunePlan.Of(input.Spec)!;
        double[] rates = [.. plan.Settings[0].Select(s => s[0].GetValue<double>())];
        int least = Array.IndexOf(rates, rates.Min()), most = Array.IndexOf(rates, rates.Max());

        ReportDocument document = ReportBuilder.Build(Input([[least, most]]));
        Assert.Equal(["training.learning_rate: the least tried", "training.learning_rate: the largest tried"],
            document.Tuning!.Arms.Select(a => Assert.Single(a.Edge)));
        Assert.Contains(document.Answer.KeyFindings, f => f.StartsWith(
            "Chosen at the edge of what was tried, so that a wider range may have better: preprocessing none (training.learning_rate: the least tried); ",
            StringComparison.Ordinal));
        int[] inner = [.. Enumerable.Range(0, 4).Except([least, most])];
        Assert.All(ReportBuilder.Build(Input([[inner[0], inner[1]]])).Tuning!.Arms, a => Assert.Empty(a.Edge));
    }

    [Fact]
    public void Build_WhileNothingIsChosen_SaysWhatWasTriedAndComparesNothing()
    {
        ReportInput all = Input(null);
        ReportDocument document = ReportBuilder.Build(all with { Completed = [.. all.Completed.Take(5)] });
        Assert.False(document.Tuning!.Chosen);
        Assert.All(document.Tuning.Arms, a => Assert.Equal((null, null, null), (a.Choice, a.ChosenScore, a.Confirmed)));
        Assert.Equal(2, document.Tuning.Arms[0].Tried.Count(t => t.Score is not null));
        Assert.Equal("No trial has completed, so there is nothing to compare.", document.Answer.Headline);
        Assert.Contains("not yet", ReportMarkdown.Of(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenTuningTrialsFail_CountsThemAndNamesAnArmWithoutAnyScore()
    {
        ReportInput all = Input([[1, 0]]);
        CompletedTrial[] lost = [.. all.Completed.Where(t => all.Spec.IsTuning(t.Trial)
            && (t.Trial.Preprocessing.Name == "standardize" || t == all.Completed.First(f => all.Spec.IsTuning(f.Trial))))];
        ReportDocument document = ReportBuilder.Build(all with
        {
            Completed = [.. all.Completed.Except(lost)], Failed = [.. lost.Select(t => new FailedTrial(t.Trial, "failed", "NaN"))],
        });
        Assert.Equal([1, 8], document.Tuning!.Arms.Select(a => a.WithoutScore));
        Assert.Equal((null, 1), (document.Tuning.Arms[0].Tried[0].Score, document.Tuning.Arms[0].Tried[0].Failed));
        Assert.Null(document.Tuning.Arms[1].ChosenScore);
        Assert.Contains("No setting has a score, so the first stands for the best: preprocessing standardize.", document.Answer.KeyFindings);
        Assert.Equal(9, document.Trials.Failed);
    }

    [Fact]
    public void Build_WhenTuningIsRepeated_HasEachRepeatAndSaysWhatSeedsAre()
    {
        ReportDocument document = ReportBuilder.Build(Input([[0, 1], [1, 2], [2, 3]], "[10, 11, 12], repeats: 3"));
        Assert.Equal([(1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4)], document.Tuning!.Arms.Select(a => (a.Repeat, a.Choice!.Value)));
        Assert.All(document.Tuning.Arms, a => Assert.NotNull(a.Confirmed));
        Assert.Contains(document.Answer.KeyFindings, f => f.Contains("Each of the 3 seeds confirms a tuning of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_OfWhatIsNotTuned_HasNoTuning()
    {
        ReportDocument document = ReportBuilder.Build(SyntheticSweep.Input());
        Assert.Null(document.Tuning);
        Assert.DoesNotContain("\"tuning\"", Encoding.UTF8.GetString(ReportJson.Serialize(document)), StringComparison.Ordinal);
    }

    private static string Text(object value) => System.Text.Json.JsonSerializer.Serialize(value);

    /// <summary>Scores grow with the learning rate and the seed; those of the sweep's seeds are 100 more.</summary>
    private static ReportInput Input(int[][]? chosen, string seeds = "[10, 11]")
    {
        SweepSpec spec = Specs.FakeCatalogue.Valid(
            "sweep: s\nseeds: 3\naxes:\n  dataset: ring\n  preprocessing: [none, standardize]\n"
            + $"tune: {{over: {{training.learning_rate: {{from: 1e-4, to: 1e-1, scale: log}}}}, trials: 4, seeds: {seeds}}}\ncompare: {{metric: {Metric}}}\n");
        if (chosen is not null)
            spec = SweepSpecJson.Restore(TunedChoices.With(spec.Resolved, new TunedChoices(chosen)).ToJsonString(), spec.Source);
        return SyntheticSweep.Input() with
        {
            Spec = spec,
            Failed = [],
            Completed = [.. TrialExpansion.All(spec).Where(t => chosen is not null || spec.IsTuning(t)).Select(t => new CompletedTrial(t, new TrialResult
            {
                Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
                {
                    [Metric] = new(t.Training.LearningRate + (spec.IsTuning(t) ? t.Seed - 10 : 100 + t.Seed), 0), ["train_seconds"] = new(3),
                },
                Curves = new Dictionary<string, float[]>(), Device = "cpu", Notes = [],
            }))],
        };
    }
}
