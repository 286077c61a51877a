using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

public sealed class AnswerBuilderTests
{
    private static readonly AnswerSection Answer = ReportBuilder.Build(SyntheticSweep.Input()).Answer;

    [Fact]
    public void Build_WhenAnArmWinsAtTheEndEverywhere_SaysByHowMuch() => Has(
        Answer, "ica4, at the end: gaussianize ends closer to the truth level than standardize at every width from 8 to 64, by ");

    [Fact]
    public void Build_WhenBetterEarlyButWorseAtTheEnd_SaysBoth()
    {
        Has(Answer, "ring8: against standardize, gaussianize is better early but worse at the end at widths 16, 32 and 64: at step 20 by ");
        Assert.Matches(@"It is worse on ring8 \(by \S+ \[\S+, \S+\] nats\), averaged over width\.$", Answer.Headline);
    }

    [Fact]
    public void Build_WhenACurveStartsAtTheTruthLevel_DoesNotCallItLearned()
    {
        string sentence = Has(Answer, "gaussianize is already within 1 nat of the truth level on ica4 and grid9");
        Assert.Contains("not learned by the network", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Answer.Sentences, s => s.Contains("standardize is already within", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_WhenTheGapGrowsAsWidthShrinks_SaysSo()
    {
        Has(Answer, "grid9: the final distance from the truth level grows as the width shrinks: standardize from ");
        Has(Answer, "; the gain over standardize is larger at width 8 than at width 64: ");
    }

    [Fact]
    public void Build_WhenADifferenceIsNotCertain_SaysUndecided() =>
        Has(Answer, "ring8, at the end: whiten against standardize is undecided at every width from 8 to 64");

    [Fact]
    public void Build_WhenDistancesAgree_SaysSo() =>
        Has(Answer, "energy distance and sliced Wasserstein-2 call the same winner as the final log-likelihood on ica4 and grid9");

    [Fact]
    public void Build_WhenSomeTrialsNeverReachTheTruthLevel_CountsThem()
    {
        string sentence = Has(Answer, "ica4: within 1 nat of the truth level for good from reverse step: standardize ");
        Assert.Matches(@"\(not reached in \d+ of 12 trials\), gaussianize 0, whiten ", sentence);
    }

    [Fact]
    public void Build_WhenATrialFailed_SaysSo() => Has(Answer, "1 of 108 trials failed");

    [Fact]
    public void Build_WhenAPictureIsChosen_ShowsTheLargestCertainDifference()
    {
        Assert.NotNull(Answer.Picture);
        Assert.Equal(("grid9", 8), ((string?)Answer.Picture.Dataset, (int?)Answer.Picture.Width));
        Assert.Same(Answer.Picture, Answer.Pictures[0]);
    }

    [Fact]
    public void Build_WhenThereIsNothingButNoise_NamesNoWinner()
    {
        AnswerSection answer =
            Of((seed, _, width) => new(-1.3 + Math.Sin(seed * 7.3 + width) * 0.1, -1), (arm, seed, width) => Math.Cos(arm * 3 + seed * 5 + width) * 0.1);
        Assert.Equal("No other arm differs certainly from standardize in final log-likelihood on ica4.", answer.Headline);
        Assert.DoesNotContain(answer.Sentences, s => s.Contains("ends closer", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_WhenAnArmCollapsed_SuspectsIt()
    {
        AnswerSection answer = Of(
            (seed, arm, width) => new(arm == 2 ? -0.7 + seed / 1000.0 : -3 - seed / 1000.0 - width / 1000.0, -1),
            null,
            (seed, arm, _) => new(arm == 2 ? 0.5 + seed / 1000.0 : 0.1 + seed / 990.0, 0.01));
        Has(answer, "suspected mode collapse");
        Assert.DoesNotContain(answer.Sentences, s => s.Contains("gaussianize ends closer", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_WhenOneSeed_AsksForMore()
    {
        ReportInput input = SyntheticSweep.Input();
        AnswerSection answer = ReportBuilder.Build(input with
        {
            Spec = input.Spec with { Seeds = [0] }, Completed = [.. input.Completed.Where(t => t.Trial.Seed == 0)], Failed = [],
        }).Answer;
        Assert.StartsWith("With one seed no difference can be called", answer.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenSentencesAreGrouped_LosesNone() => Assert.Equal(Answer.Sentences, Answer.Findings.SelectMany(f => f.Sentences));

    [Fact]
    public void Build_WhenTheAxisHasOneValue_SaysThereIsNothingToCompare()
    {
        ReportInput input = SyntheticSweep.Input();
        AnswerSection answer = ReportBuilder.Build(input with
        {
            Spec = input.Spec with { Axes = [.. input.Spec.Axes.Select(a => a.Name == "preprocessing" ? new SweepAxis(a.Name, ["standardize"]) : a)],
                Expectations = [] },
            Completed = [.. input.Completed.Where(t => t.Trial.Preprocessing.Name == "standardize")],
            Failed = [],
        }).Answer;
        Assert.Equal("Nothing to compare: preprocessing has one value.", answer.Headline);
        Assert.NotNull(answer.Picture);
    }

    [Fact]
    public void Build_WhenArmsAreNumbers_SaysWhatTheyAreOf()
    {
        ReportInput input = SyntheticSweep.Input();
        AnswerSection answer = ReportBuilder.Build(input with
        {
            Spec = input.Spec with
            {
                Compare = new CompareSpec { Axis = "width", Baseline = "8", Metric = "log_likelihood" }, Expectations = [], Withdrawn = [],
            },
        }).Answer;
        Assert.Matches("^By width: (16|32|64) reaches a better final log-likelihood than 8 on ", answer.Headline);
    }

    private static AnswerSection Of(
        Func<long, int, int, MetricValue> logLikelihood, Func<int, long, int, double>? jitter, Func<long, int, int, MetricValue>? energy = null)
    {
        List<CompletedTrial> trials = [];
        for (int arm = 0; arm < 3; arm++)
        {
            foreach (int width in SyntheticSweep.Widths)
            {
                foreach (long seed in SyntheticSweep.Seeds)
                {
                    MetricValue value = logLikelihood(seed, arm, width);
                    Dictionary<string, MetricValue> metrics = new()
                    {
                        ["log_likelihood"] = value with { Value = value.Value + (jitter?.Invoke(arm, seed, width) ?? 0) },
                    };
                    if (energy is not null)
                        metrics["energy_distance"] = energy(seed, arm, width);
                    trials.Add(SyntheticSweep.With("ica4", SyntheticSweep.Preprocessings[arm], width, seed, metrics));
                }
            }
        }

        return ReportBuilder.Build(SyntheticSweep.Input() with { Spec = SyntheticSweep.Only("ica4"), Completed = trials, Failed = [] }).Answer;
    }

    private static string Has(AnswerSection answer, string text)
    {
        string? sentence = answer.Sentences.FirstOrDefault(s => s.Contains(text, StringComparison.Ordinal));
        Assert.True(sentence is not null, $"no sentence says: {text}\n{string.Join('\n', answer.Sentences)}");
        return sentence;
    }
}
