using System.Net;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A report that is too large for a page: what a page gets instead is together what the whole has.</summary>
public sealed class BriefReportTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestDashboard _dashboard = null!;
    private SweepSpec _spec = null!;

    public async ValueTask InitializeAsync()
    {
        _dashboard = await TestDashboard.StartAsync();
        _spec = await ManyGroups.RunAsync(_dashboard.Coordinator);
    }

    public ValueTask DisposeAsync() => _dashboard.DisposeAsync();

    [Fact]
    public async Task Report_WhenItHasManyGroups_IsBriefForAPageAndWholeForOthers()
    {
        (HttpResponseMessage response, JsonNode brief) = await AskAsync("report?form=brief");
        Assert.Equal("brief", Assert.Single(response.Headers.GetValues("X-Sweep-Form")));
        Assert.Equal($"{ManyGroups.Completed}", Assert.Single(response.Headers.GetValues("X-Sweep-As-Of")));
        Assert.Empty(brief["groups"]!.AsArray());
        Assert.Empty(brief["comparisons"]!.AsArray());

        (HttpResponseMessage wholeResponse, JsonNode whole) = await AskAsync("report");
        Assert.False(wholeResponse.Headers.Contains("X-Sweep-Form"));
        Assert.Equal(ManyGroups.Groups, whole["groups"]!.AsArray().Count);
        Assert.Equal(whole["comparisons"]!.AsArray().Count, brief["comparison_facets"]!["total"]!.GetValue<int>());
        Assert.Equal(whole["answer"]!.ToJsonString(), brief["answer"]!.ToJsonString());
        Assert.Equal(whole["family"]!.ToJsonString(), brief["family"]!.ToJsonString());
    }

    [Fact]
    public async Task Comparisons_WhenAllPagesAreAsked_AreTheWholeReports()
    {
        (_, JsonNode whole) = await AskAsync("report");
        List<JsonNode> rows = [];
        while (true)
        {
            (_, JsonNode page) = await AskAsync($"comparisons?skip={rows.Count}&take=100");
            if (page["rows"]!.AsArray().Count == 0)
                break;
            rows.AddRange(page["rows"]!.AsArray().Select(r => r!));
        }

        Assert.True(JsonNode.DeepEquals(whole["comparisons"], new JsonArray([.. rows.Select(r => r.DeepClone())])));
        (_, JsonNode some) = await AskAsync("comparisons?metric=log_likelihood&where.width=8&sort=difference&desc=true&means=without");
        double[] differences = [.. some["rows"]!.AsArray().Select(r => r!["difference"]!["mean"]!.GetValue<double>())];
        Assert.NotEmpty(differences);
        Assert.Equal(differences.OrderDescending(), differences);
        Assert.All(some["rows"]!.AsArray(), r => Assert.Equal(8, r!["where"]!["width"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Groups_WhenChosen_AreTheWholeReports()
    {
        (_, JsonNode whole) = await AskAsync("report");
        (_, JsonNode chosen) = await AskAsync("groups?where.width=8");
        JsonArray same = new([.. whole["groups"]!.AsArray().Where(g => g!["axes"]!["width"]!.GetValue<int>() == 8).Select(g => g!.DeepClone())]);
        Assert.NotEmpty(same);
        Assert.True(JsonNode.DeepEquals(same, chosen["groups"]));
    }

    private async Task<(HttpResponseMessage Response, JsonNode Json)> AskAsync(string what)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            HttpResponseMessage response = await _dashboard.SendAsync(HttpMethod.Get, $"api/sweeps/{_spec.Id}/{what}");
            if (response.StatusCode == HttpStatusCode.OK)
                return (response, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            response.Dispose();
            await Task.Delay(50, None);
        }

        throw new TimeoutException($"no answer to {what} in 10 s");
    }
}
