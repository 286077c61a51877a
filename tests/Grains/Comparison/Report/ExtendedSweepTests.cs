using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>Reports of sweeps that were extended with results already there: one data set, 3 arms, up to 4 widths, 5 seeds and then 10.</summary>
public sealed class ExtendedSweepTests
{
    private static readonly int[] Narrow = [8, 16], All = [8, 16, 32, 64];

    [Fact]
    public void Build_WhenSeedsWereAdded_CorrectsEveryPValueOverTheFamily()
    {
        ReportDocument first = Build(All, 5), plain = Build(All, 10), extended = Build(All, 10, Look(All, 5));

        foreach (string metric in new[] { "log_likelihood", "energy_distance" })
        {
            ComparisonSection[] one = Of(first, metric), two = Of(plain, metric), both = Of(extended, metric);
            double?[] expected = [.. one.Zip(two, (x, y) => (double?)Math.Min(1, Math.Min(2 * x.PValue!.Value, 6 * y.PValue!.Value)))];
            Assert.All(expected.Zip(both), e => Near.Relative(e.First!.Value, e.Second.PSequential));
            Assert.Equal(two.Select(c => c.PValue), both.Select(c => c.PValue));
            Assert.All(Holm.Adjust(expected, 10).Zip(both), e => Near.Relative(e.First, e.Second.PAdjusted));
            Assert.Contains(both, c => c.Look == 1);
            Assert.Contains(both, c => c.Look == 2);
            Assert.Contains(both, c => c.Verdict != "undecided");
        }

        Assert.Equal([(1, 60L, 2.0), (2, 120L, 6.0)], extended.Family.Looks!.Select(l => (l.Look, l.Completed, l.Factor)));
        Assert.Equal(FamilyWords.SmallestEffect(10, 60), extended.Family.SmallestEffect);
        Assert.Contains(" at 0.05/60 ", FamilyWords.Power(extended.Family), StringComparison.Ordinal);
        Assert.All(plain.Comparisons, c => Assert.Null(c.PSequential ?? c.Look));
        Assert.Null(plain.Family.Looks);
    }

    [Fact]
    public void Build_WhenValuesWereAdded_TestsWhatIsNewAtTheLaterLooksLevel()
    {
        ReportDocument plain = Build(All, 5), extended = Build(All, 5, Look(Narrow, 5));

        foreach ((ComparisonSection one, ComparisonSection both) in Of(plain, "log_likelihood").Zip(Of(extended, "log_likelihood")))
        {
            // Averages are over other widths than before, so they are new.
            bool known = both.AveragedOver.Count == 0 && Narrow.Contains((int)both.Where["width"]!);
            if (!known)
                Near.Relative(Math.Min(1, 6 * one.PValue!.Value), both.PSequential);
            Assert.Equal(known ? 1 : 2, both.Look);
        }
    }

    [Fact]
    public void Build_WhenTheCorrectionTakesACallBack_NamesIt()
    {
        ReportDocument plain = Build(All, 10), extended = Build(All, 10, Look(All, 5));
        ComparisonSection[] withdrawn = [.. Of(extended, "log_likelihood").Where(c => c.Withdrawn == true)];

        Assert.NotEmpty(withdrawn);
        Assert.All(withdrawn, c => Assert.Equal("undecided", c.Verdict));
        Assert.All(withdrawn, c => Assert.StartsWith("withdrawn: called ", c.Reason, StringComparison.Ordinal));
        Assert.Equal(
            Of(plain, "log_likelihood").Where(c => c.Verdict != "undecided").Select(Key)
                .Concat(Of(Build(All, 5), "log_likelihood").Where(c => c.Verdict != "undecided").Select(Key)).Distinct()
                .Except(Of(extended, "log_likelihood").Where(c => c.Verdict != "undecided").Select(Key)).Order(),
            withdrawn.Select(Key).Order());
        string said = Assert.Single(extended.Answer.KeyFindings, f => f.Contains("withdrawn by the correction for looks", StringComparison.Ordinal));
        Assert.Contains($"{withdrawn[0].B} against standardize", said, StringComparison.Ordinal);
        Assert.Contains(extended.Answer.KeyFindings,
            f => f.StartsWith("The sweep was extended with results already there, on 2026-01-01 with 60 of 60 trials completed and 5 seeds.",
                StringComparison.Ordinal));
        string markdown = ReportMarkdown.Of(extended);
        Assert.Contains("| 1 | 2026-01-01 00:00:00Z | 60 of 60 | 5 | 2 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| p over looks |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("p over looks", ReportMarkdown.Of(plain), StringComparison.Ordinal);
        Assert.Equal(ReportJson.Serialize(extended), ReportJson.Serialize(ReportJson.Deserialize(ReportJson.Serialize(extended))));
    }

    /// <summary>Which setting is best is judged at the level of the present look, too.</summary>
    [Fact]
    public void Build_WhenSeedsWereAdded_TellsFewerSettingsFromTheBest()
    {
        BestSetting plain = Assert.Single(Build(All, 10).Answer.Best), extended = Assert.Single(Build(All, 10, Look(All, 5)).Answer.Best);
        Assert.True(extended.NotToldApart > plain.NotToldApart, $"{extended.NotToldApart} and {plain.NotToldApart} settings not told apart");
    }

    private static ComparisonSection[] Of(ReportDocument document, string metric) => [.. document.Comparisons.Where(c => c.Metric == metric)];

    private static string Key(ComparisonSection c) => $"{c.B} {c.Where.ToJsonString()}";

    private static SweepLook Look(int[] widths, int seeds) => new(
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 3 * widths.Length * seeds, 3 * widths.Length * seeds,
        [.. Enumerable.Range(0, seeds).Select(s => (long)s)],
        new Dictionary<string, IReadOnlyList<string>>
        {
            ["dataset"] = ["ica4"], ["preprocessing"] = SyntheticSweep.Preprocessings, ["width"] = [.. widths.Select(w => $"{w}")],
        });

    private static ReportDocument Build(int[] widths, int seeds, params SweepLook[] looks)
    {
        SweepSpec spec = SyntheticSweep.Only("ica4");
        return ReportBuilder.Build(SyntheticSweep.Input() with
        {
            Spec = spec with
            {
                Seeds = [.. Enumerable.Range(0, seeds).Select(s => (long)s)],
                Axes = [.. spec.Axes.Select(a => a.Name == "width" ? a with { Values = [.. widths.Select(w => (JsonNode)w)] } : a)],
                Looks = looks,
            },
            Completed =
            [
                .. from arm in Enumerable.Range(0, 3)
                   from width in widths
                   from seed in Enumerable.Range(0, seeds)
                   select SyntheticSweep.With("ica4", SyntheticSweep.Preprocessings[arm], width, seed, Metrics(arm, width, seed)),
            ],
            Failed = [],
        });
    }

    /// <summary>Differences of the second arm that fade as seeds are added, and of the third that come out.</summary>
    private static Dictionary<string, MetricValue> Metrics(int arm, int width, int seed)
    {
        double wave = Math.Sin((arm * 3.1) + (width * 0.37) + (seed * 2.3));
        double effect = arm switch { 1 => seed < 5 ? 1 : -0.4, 2 => 0.08 * Math.Sqrt(width), _ => 0 };
        return new()
        {
            ["log_likelihood"] = new MetricValue(-5 + effect + (0.35 * wave), 0),
            ["energy_distance"] = new MetricValue(2 - effect + (0.3 * wave), 0.01),
        };
    }
}
