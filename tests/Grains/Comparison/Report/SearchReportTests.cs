using System.Text;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>The report of a search: no pairs, the best of so many, and figures of one setting of each arm.</summary>
public sealed class SearchReportTests
{
    private const string Metric = "energy_distance";

    [Fact]
    public void Build_OfASearch_ComparesNothingAndSaysSo()
    {
        ReportDocument document = ReportBuilder.Build(Input(t => t.Training.LearningRate));

        Assert.Empty(document.Comparisons);
        Assert.Equal(0, document.Family.Comparisons);
        Assert.Equal(("sobol", 16, 0L), (document.Search!.Method, document.Search.Groups, document.Search.Seed));
        Assert.Contains("no two of them differ in one axis alone, so nothing is compared pair by pair", document.Answer.KeyFindings[0],
            StringComparison.Ordinal);
        string markdown = ReportMarkdown.Of(document);
        Assert.Contains("## How they are judged", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("Paired comparisons", markdown, StringComparison.Ordinal);
        Assert.Contains("\"search\":", Json(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OfASearch_OpensWithTheBestOfSoManyAndShowsTheBestOfEachArm()
    {
        ReportInput input = Input(t => t.Training.LearningRate + (t.Preprocessing.Name == "none" ? 1 : 0));
        ReportDocument document = ReportBuilder.Build(input);
        CompletedTrial[] rising = [.. input.Completed.OrderBy(t => t.Result.Metrics[Metric].Value)];

        BestSetting best = Assert.Single(document.Answer.Best);
        Assert.Equal(rising[0].Trial.Training.LearningRate, best.Axes["training.learning_rate"]!.GetValue<double>());
        Assert.Equal(16, best.Of);
        Assert.Contains("the best of 16 and so optimistic", document.Answer.Headline, StringComparison.Ordinal);
        string[] shown = [.. new[] { "none", "standardize" }.Select(p => rising.First(t => t.Trial.Preprocessing.Name == p))
            .Select(t => t.Trial.Group)];
        Assert.Equal(shown.Order(), document.Search!.Shown.Select(id => input.Completed.First(t => t.Trial.Id == id).Trial.Group).Order());
    }

    [Fact]
    public void Build_WhenResultsAreMissing_NeitherFailsNorSpeaksOfPairs()
    {
        ReportInput input = Input(t => t.Training.LearningRate);
        ReportDocument none = ReportBuilder.Build(input with { Completed = [] });
        Assert.Equal("No trial has completed, so there is nothing to compare.", none.Answer.Headline);
        ReportDocument some = ReportBuilder.Build(input with { Completed = [.. input.Completed.Take(7)] });
        Assert.Contains("the best of 3 and so optimistic", some.Answer.Headline, StringComparison.Ordinal);
        Assert.Contains("Provisional: 25 of 32 trials have not finished.", some.Answer.KeyFindings);
    }

    /// <summary>A metric of the learning rate alone: its slope is found, the width's is zero, and what matters says so too.</summary>
    [Fact]
    public void Build_OfASearch_TellsSlopesAndSharesByAxis()
    {
        ReportInput input = Input(
            t => (3 * Math.Log10(t.Training.LearningRate)) + (1e-3 * ((t.Id[0] + (7 * t.Id[1]) + (3 * t.Id[2])) % 17)), "{groups: 64}",
            "  width: {from: 8, to: 64, scale: log2}\n");
        ReportDocument document = ReportBuilder.Build(input);

        Assert.Equal(["none", "standardize"], document.Search!.Trends.Select(t => t.Arm));
        Assert.All(document.Search.Trends, trend =>
        {
            Assert.Equal((32, 0, 2, null), (trend.Settings, trend.LeftOut, trend.Seeds, trend.Reason));
            Assert.Equal(["width", "training.learning_rate"], trend.Slopes.Select(s => s.Axis));
            Assert.Equal(["doubling", "factor of 10"], trend.Slopes.Select(s => s.Per));
            (SearchSlope width, SearchSlope rate) = (trend.Slopes[0], trend.Slopes[1]);
            Assert.Equal(3, rate.Slope.Mean!.Value, 0.01);
            Assert.Equal(3 * rate.Slope.Mean.Value, rate.Change.Mean!.Value, 1e-9);
            Assert.True(rate.Slope.CiLow > 2.99 && rate.Slope.CiHigh < 3.01);
            Assert.True(width.Change.CiLow < 0.01 && width.Change.CiHigh > -0.01);
        });
        SearchImportance matters = Assert.Single(document.Search.Importance);
        Assert.Equal(["preprocessing", "width", "training.learning_rate"], matters.Effects.Select(e => e.Axis));
        Assert.Equal(1, matters.Effects.Sum(e => e.Share), 1e-12);
        Assert.InRange(matters.Effects[2].Share, 0.85, 1);
        Assert.Contains("## Along the ranges", ReportMarkdown.Of(document), StringComparison.Ordinal);
        Assert.Contains("From the least to the largest value of a range energy distance changes with training.learning_rate", document.Answer.KeyFindings[1],
            StringComparison.Ordinal);
    }

    /// <summary>A setting without a value in some seed has no place in a regression, and counts as a bad one in what matters.</summary>
    [Fact]
    public void Build_WhenASettingLacksASeed_LeavesItOutOfTheSlopesAndSaysSo()
    {
        ReportInput input = Input(t => t.Training.LearningRate, "{groups: 64}");
        SearchSection search = ReportBuilder.Build(input with { Completed = [.. input.Completed.Skip(1)] }).Search!;
        Assert.Equal((63, 1), (search.Trends.Sum(t => t.Settings), search.Trends.Sum(t => t.LeftOut)));
        Assert.Equal(64, search.Importance[0].Settings);
        SearchSection few = ReportBuilder.Build(input with { Completed = [.. input.Completed.Take(6)] }).Search!;
        Assert.All(few.Trends, t => Assert.Contains("are too few for 2 coefficients", t.Reason!, StringComparison.Ordinal));
        Assert.Equal("3 settings are too few: 16 are the least", few.Importance[0].Reason);
    }

    [Fact]
    public void Build_OfAGrid_HasNoSearch()
    {
        ReportDocument document = ReportBuilder.Build(SyntheticSweep.Input());
        Assert.Null(document.Search);
        Assert.DoesNotContain("\"search\"", Json(document), StringComparison.Ordinal);
        Assert.DoesNotContain("\"range\"", Json(document), StringComparison.Ordinal);
    }

    private static string Json(ReportDocument document) => Encoding.UTF8.GetString(ReportJson.Serialize(document));

    internal static ReportInput Input(Func<TrialSpec, double> value, string search = "{groups: 16}", string more = "", int seeds = 2)
    {
        SweepSpec spec = Specs.FakeCatalogue.Valid(
            $"sweep: s\nseeds: {seeds}\nsearch: {search}\naxes:\n  dataset: ring\n  preprocessing: [none, standardize]\n"
            + $"  training.learning_rate: {{from: 1e-4, to: 1e-1, scale: log}}\n{more}compare: {{metric: {Metric}}}\n");
        return SyntheticSweep.Input() with
        {
            Spec = spec,
            Failed = [],
            Completed =
            [
                .. TrialExpansion.Expand(spec).Select(t => new CompletedTrial(t, new TrialResult
                {
                    Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { [Metric] = new(value(t), 0) },
                    Curves = new Dictionary<string, float[]>(), Device = "cpu",
                    Notes = [],
                })),
            ],
        };
    }
}
