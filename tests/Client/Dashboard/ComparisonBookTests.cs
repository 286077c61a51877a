using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Comparison.Report;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class ComparisonBookTests
{
    private static readonly ComparisonQuery Everything = new() { Take = 500 };

    [Fact]
    public void Facets_WhenThereAreComparisons_SayWhatThereIsToChooseFromAndToCount()
    {
        ComparisonFacets facets = new ComparisonBook(
            [Comparison(1), Comparison(2, verdict: "b", better: "a"), Comparison(3, metric: "energy_distance", arm: "whiten", width: null)]).Facets;
        Assert.Equal((3, "preprocessing", "standardize", true), (facets.Total, facets.Axis, facets.A, facets.Averaged));
        Assert.Equal(["gaussianize", "whiten"], facets.Arms);
        Assert.Equal(["dataset", "width"], facets.Axes);
        Assert.Equal([new ComparisonTally("log_likelihood", 2, 1), new ComparisonTally("energy_distance", 1, 0)], facets.Metrics);
        Assert.Equal([new ComparisonLead("log_likelihood", "gaussianize", 1, 2)], facets.Leads);
    }

    [Fact]
    public void Facets_WhenThereIsNothing_AreEmpty() =>
        Assert.Equal((0, null, false), (new ComparisonBook([]).Facets is var f ? f.Total : 1, f.Axis, f.Averaged));

    [Theory]
    [InlineData("metric", "energy_distance", "3")]
    [InlineData("arm", "whiten", "2")]
    [InlineData("verdict", "decided", "1 3")]
    [InlineData("verdict", "undecided", "0 2")]
    [InlineData("verdict", "a", "3")]
    [InlineData("means", "only", "2")]
    [InlineData("means", "without", "0 1 3")]
    [InlineData("width", "8", "0 3")]
    [InlineData("width", "7", "")]
    public void Of_WhenFiltered_HasThoseThatFit(string what, string value, string expected)
    {
        ComparisonBook book = new([Comparison(0), Comparison(1, width: 16, verdict: "b"), Comparison(2, width: null, arm: "whiten"),
            Comparison(3, metric: "energy_distance", verdict: "a")]);
        ComparisonPage page = book.Of(what switch
        {
            "metric" => Everything with { Metric = value },
            "arm" => Everything with { Arm = value },
            "verdict" => Everything with { Verdict = value },
            "means" => Everything with { Averaged = value },
            _ => Everything with { Where = [KeyValuePair.Create(what, value)] },
        });
        Assert.Equal(expected, Names(page));
        Assert.Equal((4, page.Rows.Count), (page.Total, page.Found));
    }

    [Theory]
    [InlineData("difference", false, "1 0 3 2")]
    [InlineData("difference", true, "3 0 1 2")]
    [InlineData("p_adjusted", false, "3 0 1 2")]
    [InlineData("where.width", false, "0 2 1 3")]
    [InlineData("where.width", true, "1 0 2 3")]
    [InlineData("arm", true, "2 0 1 3")]
    public void Of_WhenSorted_OrdersNumbersByTheirSizeAndWhatIsMissingLast(string by, bool descending, string expected)
    {
        ComparisonBook book = new(
        [
            Comparison(0, difference: 2, adjusted: 0.02), Comparison(1, width: 16, difference: -1, adjusted: 0.5),
            Comparison(2, arm: "whiten", difference: null, adjusted: null),
            Comparison(3, width: null, difference: 10, adjusted: 0.001),
        ]);
        Assert.Equal(expected, Names(book.Of(Everything with { SortBy = by, Descending = descending })));
    }

    [Fact]
    public void Of_WhenPagesArePutTogether_IsTheWhole() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(1, 7).ToArbitrary(), Gen.Choose(0, 40).ToArbitrary(),
        (take, count) =>
        {
            ComparisonBook book = new([.. Enumerable.Range(0, count).Select(i => Comparison(i, difference: (i * 7 % 5) - 2.0, width: i % 3))]);
            ComparisonQuery query = new() { SortBy = "difference", Where = [KeyValuePair.Create("width", "1")], Take = 500 };
            string[] parts = [.. Enumerable.Range(0, 50).Select(p => Names(book.Of(query with { Skip = p * take, Take = take }))).Where(p => p.Length > 0)];
            return string.Join(' ', parts) == Names(book.Of(query));
        }));

    [Fact]
    public void Of_WhenARowIsGiven_ItIsTheReports()
    {
        ComparisonSection one = Comparison(5, verdict: "b");
        JsonNode whole = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(ReportJson.Element(one)))!;
        JsonNode row = JsonNode.Parse(new ComparisonBook([Comparison(4), one]).Of(Everything).Rows[1].GetRawText())!;
        Assert.True(JsonNode.DeepEquals(whole, row));
        Assert.Equal(0.9, row["difference"]!["ci_low"]!.GetValue<double>());
    }

    private static string Names(ComparisonPage page) => string.Join(' ', page.Rows.Select(r => r.GetProperty("seeds").GetInt32()));

    /// <param name="number">Told by the number of its seeds.</param>
    /// <param name="width">Null for a mean over widths.</param>
    private static ComparisonSection Comparison(
        int number, string metric = "log_likelihood", string arm = "gaussianize", int? width = 8, double? difference = 1, double? adjusted = 0.2,
        string verdict = "undecided", string? better = "b") => new()
        {
            Axis = "preprocessing",
            A = "standardize",
            B = arm,
            Metric = metric,
            Where = width is null ? new JsonObject { ["dataset"] = "ring8" } : new JsonObject { ["dataset"] = "ring8", ["width"] = width },
            AveragedOver = width is null ? ["width"] : [],
            Seeds = number,
            Difference = new DifferenceSection(difference, 0.9, 1.1),
            PValue = adjusted,
            PAdjusted = adjusted,
            Verdict = verdict,
            Better = better,
        };
}
