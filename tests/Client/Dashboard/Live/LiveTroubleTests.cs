using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Live;

/// <summary>What a page hears when rows are damaged under the server's feet.</summary>
public sealed class LiveTroubleTests
{
    [Fact]
    public async Task Feed_WhenASweepCannotBeRead_SaysItOnceToItsPagesAndGoesOnWhenItCan()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.LeaseAsync(1);
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        Assert.Null((await events.NextAsync("trouble"))["message"]);
        dashboard.Broken = nameof(ISweepReader.TrialsAsync);
        await ExpectTroubleAsync(events, "sweep", "InvalidOperationException: TrialsAsync is broken");

        // Others' pages hear nothing of it.
        await using (EventReader all = await EventReader.OpenAsync(dashboard, null))
            Assert.Null((await all.NextAsync("trouble"))["message"]);
        await TriedAgainAsync(dashboard);
        Assert.Single(dashboard.Log.Split('\n'), l => l.Contains("events of sweep", StringComparison.Ordinal));

        dashboard.Broken = null;
        Assert.Null((await events.NextAsync("trouble"))["message"]);
        await dashboard.CompleteAsync(1);
        Assert.Equal(1, (await events.NextAsync("completed"))["count"]!.GetValue<int>());
        Assert.Contains("works again", dashboard.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_WhenTheStoreCannotBeRead_SaysItOnceToAllAndGoesOnWhenItCan()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        dashboard.Broken = nameof(ISweepReader.SilosAsync);
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id), all = await EventReader.OpenAsync(dashboard, null);
        await ExpectTroubleAsync(events, "store", "SilosAsync is broken");
        await ExpectTroubleAsync(all, "store", "SilosAsync is broken");
        await TriedAgainAsync(dashboard);
        Assert.Single(dashboard.Log.Split('\n'), l => l.Contains("the store: ", StringComparison.Ordinal));
        dashboard.Broken = null;
        Assert.Null((await events.NextAsync("trouble"))["message"]);
        Assert.Null((await all.NextAsync("trouble"))["message"]);
    }

    [Theory]
    [InlineData("UPDATE silos SET last_seen = 9223372036854775807")]
    [InlineData("UPDATE silos SET first_seen = -9223372036854775808, quarantined = 9000000000000000000")]
    [InlineData("UPDATE sweeps SET submitted = 9223372036854775807")]
    [InlineData("UPDATE trials SET expires = 9223372036854775807, fraction = 9e999 WHERE state = 1")]
    [InlineData("UPDATE sweep_counts SET cost_completed = 9e999")]
    [InlineData("UPDATE sweeps SET cost_total = -9e999")]
    public async Task Feed_WhenARowIsOutOfRange_ShowsEverythingAllTheSame(string damage)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(2);
        await dashboard.LeaseAsync(1);
        Change(dashboard, damage);
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        Assert.Equal(2, (await events.NextAsync("sweep"))["completed"]!.GetValue<int>());
        Assert.Single((await events.NextAsync("running"))["trials"]!.AsArray());
        Assert.Null((await events.NextAsync("trouble"))["message"]);
        Assert.Single((await dashboard.GetAsync("api/silos"))["silos"]!.AsArray());
        Assert.Equal("", dashboard.Log);
    }

    [Fact]
    public async Task Report_WhenAResultIsOfNoTrialOfTheSpec_IsMadeOfTheOthersAndSaysSo()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(4);
        Change(dashboard, "UPDATE trials SET ordinal = 4711 WHERE ordinal = 3");
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        Assert.Equal(3, (await events.NextAsync("report"))["as_of"]!.GetValue<int>());
        await ExpectTroubleAsync(events, "report", "1 stored result belongs to no trial of the spec and is left out: ordinals 4711; allowed: 0 to 11");
        Assert.Equal(3, (await dashboard.GetAsync($"{dashboard.SweepUrl}/report"))["trials"]!["completed"]!.GetValue<int>());
        foreach (string path in new[] { "grid", "points", "groups" })
            Assert.NotNull(await dashboard.GetAsync($"{dashboard.SweepUrl}/{path}"));
    }

    [Fact]
    public async Task Report_WhenItsTryFails_SaysItOnceAndIsMadeOnceItCanBe()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(2);
        dashboard.Broken = nameof(ISweepReader.SpecAsync);
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        await ExpectTroubleAsync(events, "report", "SpecAsync is broken");
        await TriedAgainAsync(dashboard);
        Assert.Single(dashboard.Log.Split('\n'), l => l.Contains("report of sweep", StringComparison.Ordinal));
        dashboard.Broken = null;
        Assert.Equal(2, (await events.NextAsync("report"))["as_of"]!.GetValue<int>());
        Assert.Null((await events.NextAsync("trouble"))["message"]);
    }

    [Fact]
    public async Task Get_WhenSomethingUnforeseenGoesWrong_SaysWhatToWhoIsLoggedIn()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        dashboard.Broken = nameof(ISweepStatistics.GroupsAsync);
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, $"{dashboard.SweepUrl}/grid");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(
            "unexpected error: InvalidOperationException: GroupsAsync is broken",
            JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!.GetValue<string>());
        Assert.Contains("GET /api/sweeps/{sweep}/grid: ", dashboard.Log, StringComparison.Ordinal);
    }

    /// <summary>The store sums what it holds; only who reads a result whole sees that it isn't what was stored.</summary>
    [Fact]
    public async Task GridAndPoints_WhenAStoredResultHasChanged_LeaveItOutAndSayWhich()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(4);
        Change(dashboard, "UPDATE metrics SET value = 1e6 WHERE name = 'log_likelihood' AND trial = (SELECT trial FROM trials WHERE ordinal = 3)");

        JsonNode grid = await dashboard.GetAsync($"{dashboard.SweepUrl}/grid"), points =
            await dashboard.GetAsync($"{dashboard.SweepUrl}/points?metrics=log_likelihood");

        Assert.Equal([-0.5, -2], grid["cells"]!.AsArray().Take(2).Select(c => c!["metrics"]!["log_likelihood"]!.GetValue<double>()));
        Assert.Equal([1.5, 3], grid["cells"]!.AsArray().Take(2).Select(c => c!["metrics"]!["log_likelihood_gap"]!.GetValue<double>()));
        Assert.Equal(3, points["rows"]!.AsArray().Count);
        Assert.DoesNotContain("1000000", points.ToJsonString(), StringComparison.Ordinal);
        JsonNode failure = Assert.Single((await dashboard.GetAsync($"{dashboard.SweepUrl}/report"))["trials"]!["failures"]!.AsArray())!;
        Assert.Equal("damaged", failure["cause"]!.GetValue<string>());
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        await ExpectTroubleAsync(events, "report",
            $"1 stored result is damaged and left out; discard with: sweep retry SWEEP --completed {failure["trial"]!.GetValue<string>()}");
    }

    private static void Change(TestDashboard dashboard, string sql)
    {
        using SqliteConnection connection = new($"Data Source={dashboard.Run!.Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();

        // Another program, or a bit that flipped, keeps no constraints.
        command.CommandText = $"PRAGMA ignore_check_constraints = ON; {sql}";
        command.ExecuteNonQuery();
    }

    /// <summary>The next event that is about a problem.</summary>
    private static async Task ExpectTroubleAsync(EventReader events, string about, string message)
    {
        JsonNode trouble;
        do
            trouble = await events.NextAsync("trouble");
        while (trouble["message"] is null);
        Assert.Equal(about, trouble["about"]!.GetValue<string>());
        Assert.Contains(message, trouble["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task TriedAgainAsync(TestDashboard dashboard)
    {
        long reads = dashboard.Server.Feed.Reads;
        await UntilAsync("it is tried again", () => dashboard.Server.Feed.Reads > reads + 3);
    }

    private static async Task UntilAsync(string what, Func<bool> done)
    {
        for (int i = 0; i < 200; i++)
        {
            if (done())
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException($"10 s, and not yet: {what}");
    }
}
