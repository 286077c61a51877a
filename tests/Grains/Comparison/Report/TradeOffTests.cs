using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>What matters, and the front of two metrics: one data set, 3 arms, 2 widths, 3 seeds.</summary>
public sealed class TradeOffTests
{
    private static readonly int[] Widths = [8, 16];

    [Fact]
    public void Build_WhenTheArmDecides_GivesItTheVariance()
    {
        ReportDocument document = Build((arm, width, seed) => Values(-5 + (2 * arm) + Wave(arm, width, seed), 1));
        ImportanceSection section = Assert.Single(document.Importance!);

        Assert.Equal([0L, 1, 2], section.Seeds);
        Assert.Equal(("", null), (section.Dataset, section.Reason));
        Assert.Equal(["preprocessing", "width", "preprocessing x width"], section.Effects.Select(ImportanceWords.Name));
        Assert.True(section.Effects[0].Share > 0.9 && section.Effects[0].Low > 0.5, $"{section.Effects[0]}");
        Assert.Equal(1, section.Effects.Sum(e => e.Share) + section.SeedShare!.Value + section.ErrorShare!.Value, 1e-12);
        string markdown = ReportMarkdown.Of(document);
        Assert.Contains("## What matters\n\nShares of the variance of the distance of log-likelihood from its truth level (omega squared)", markdown,
            StringComparison.Ordinal);
        Assert.Contains("| preprocessing x width | ", markdown, StringComparison.Ordinal);
        Assert.Equal(ReportJson.Serialize(document), ReportJson.Serialize(ReportJson.Deserialize(ReportJson.Serialize(document))));
    }

    [Fact]
    public void Build_WhenASettingLacksASeed_UsesTheSeedsThatAllHaveAndSaysWhereThereAreTooFew()
    {
        ReportDocument two = Build((arm, width, seed) => arm == 1 && width == 8 && seed == 1 ? null : Values(arm + Wave(arm, width, seed), 1));
        Assert.Equal([0L, 2], Assert.Single(two.Importance!).Seeds);

        ReportDocument one = Build((arm, width, seed) => arm == 1 && width == 8 && seed > 0 ? null : Values(arm + Wave(arm, width, seed), 1));
        ImportanceSection none = Assert.Single(one.Importance!);
        Assert.Equal((0, "fewer than two seeds have a value in all 6 settings (fewer in preprocessing whiten, width 8)"), (none.Effects.Count, none.Reason));
        Assert.Contains("none, as fewer than two seeds have a value", ReportMarkdown.Of(one), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenThereAreDataSets_AnalysesEachByItself()
    {
        ReportDocument document = ReportBuilder.Build(SyntheticSweep.Input());
        Assert.Equal(SyntheticSweep.Datasets, document.Importance!.Select(s => s.Dataset));
        Assert.All(document.Importance!, s => Assert.Null(s.Reason));
        Assert.Null(document.Pareto);
    }

    /// <summary>Standardize is quick and bad, gaussianize slow and good, whiten slow and bad: only width 8 of it may be on the front.</summary>
    [Fact]
    public void Build_WhenTwoMetricsTrade_FindsTheFront()
    {
        ReportDocument document = Build((arm, width, seed) => Values(
            -5 + (arm == 2 ? 4 : 0) + (0.1 * Wave(arm, width, seed)), arm == 0 ? width : 100 + width + (arm == 1 && width == 8 ? -91.9 : 0)), "sample_seconds");
        ParetoSection section = Assert.Single(document.Pareto!);

        Assert.Equal(("log_likelihood", "sample_seconds"), (section.X, section.Y));
        Dictionary<string, ParetoPoint> points = section.Points.ToDictionary(p => $"{p.Axes["preprocessing"]} {p.Axes["width"]}");
        Assert.True(points["gaussianize 8"].Front);
        Assert.True(points["standardize 8"].Front);
        Assert.True(points["whiten 16"] is { Front: false, Beaten: true });
        Assert.All(section.Points, p => Assert.False(p.Front && p.Beaten));
        Assert.Equal(points["gaussianize 8"].Y.Mean, 108);
        string markdown = ReportMarkdown.Of(document);
        Assert.Contains("## Trade-off\n\nOn the front is a setting", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("preprocessing whiten, width 16 | ", markdown[..markdown.IndexOf("## What matters", StringComparison.Ordinal)],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenASettingLacksAMetric_LeavesItOut()
    {
        ReportDocument document = Build((arm, width, seed) =>
        {
            Dictionary<string, MetricValue> values = Values(arm, width);
            if (arm == 1 && seed == 2)
                values["sample_seconds"] = new MetricValue(null, null, "not measured");
            return values;
        }, "sample_seconds");
        Assert.Equal((4, 2), (document.Pareto![0].Points.Count, document.Pareto[0].LeftOut));
        Assert.EndsWith("2 settings lack a value in some seed and are left out.", ParetoWords.Counts(document.Pareto[0]), StringComparison.Ordinal);
    }

    private static double Wave(int arm, int width, int seed) => 0.3 * Math.Sin((arm * 3.1) + (width * 0.7) + (seed * 2.3));

    private static Dictionary<string, MetricValue> Values(double likelihood, double seconds) => new()
    {
        ["log_likelihood"] = new MetricValue(likelihood, 10), ["sample_seconds"] = new MetricValue(seconds),
    };

    private static ReportDocument Build(Func<int, int, int, Dictionary<string, MetricValue>?> metrics, string? pareto = null)
    {
        SweepSpec spec = SyntheticSweep.Only("ica4");
        return ReportBuilder.Build(SyntheticSweep.Input() with
        {
            Spec = spec with
            {
                Axes = [.. spec.Axes.Select(a => a.Name == "width" ? a with { Values = [.. Widths.Select(w => (JsonNode)w)] } : a)],
                Compare = spec.Compare with { Pareto = pareto is null ? [] : ["log_likelihood", pareto] },
            },
            Completed =
            [
                .. from arm in Enumerable.Range(0, 3)
                   from width in Widths
                   from seed in Enumerable.Range(0, 3)
                   let values = metrics(arm, width, seed)
                   where values is not null
                   select SyntheticSweep.With("ica4", SyntheticSweep.Preprocessings[arm], width, seed, values),
            ],
            Failed = [],
        });
    }
}
