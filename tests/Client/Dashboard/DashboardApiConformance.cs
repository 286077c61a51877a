using System.Net;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>What docs/dashboard-api.md promises, for every store. A store adds a subclass.</summary>
public abstract class DashboardApiConformance : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestDashboard _dashboard = null!;

    private protected abstract Task<TestDashboard> StartAsync();

    public virtual async ValueTask InitializeAsync() => _dashboard = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Session_WhenOpen_IsAnOperatorsAndNamesTheStoreWithoutItsPassword()
    {
        JsonNode session = await _dashboard.GetAsync("api/session");
        Assert.True(session["authenticated"]!.GetValue<bool>());
        Assert.Equal(("operator", "none"), (Text(session["role"]), Text(session["auth"])));
        Assert.DoesNotContain("secret", session.ToJsonString(), StringComparison.Ordinal);
        Assert.False(session["embedded"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Sweeps_WhenTrialsAreInEveryState_CountsThem()
    {
        await MixAsync();
        JsonNode sweep = Assert.Single((await _dashboard.GetAsync("api/sweeps"))["sweeps"]!.AsArray())!;
        Assert.Equal(("tiny", "running", 12), (Text(sweep["name"]), Text(sweep["state"]), Number(sweep["total"])));
        Assert.Equal((4, 1, 1, 6), (Number(sweep["completed"]), Number(sweep["failed"]), Number(sweep["running"]), Number(sweep["queued"])));
        Assert.Equal((4 + 0.5) / 12, sweep["fraction"]!.GetValue<double>(), 1e-9);
    }

    [Fact]
    public async Task Sweep_WhenLookedAt_SaysItsAxesMetricsAndCauses()
    {
        await MixAsync();
        JsonNode sweep = await _dashboard.GetAsync(_dashboard.SweepUrl);
        Assert.Equal(["dataset", "preprocessing", "schedule", "width"], sweep["axes"]!.AsArray().Select(a => Text(a!["name"])));
        Assert.Equal(["8", "16", "32"], sweep["axes"]![3]!["values"]!.AsArray().Select(v => Text(v!["label"])));
        Assert.Equal(16, Number(sweep["axes"]![3]!["values"]![1]!["value"]));
        Assert.Equal([3, 5], sweep["seeds"]!.AsArray().Select(Number));
        Assert.Equal(("preprocessing", "standardize", "log_likelihood"), (Text(sweep["baseline_axis"]), Text(sweep["baseline"]), Text(sweep["metric"])));
        Assert.Equal(["log_likelihood", "energy_distance", "steps_to_threshold"], sweep["metrics"]!.AsArray().Select(m => Text(m!["name"])));
        Assert.Equal(3, Number(sweep["causes"]!["failed"]));
        Assert.Contains("seeds: [3, 5]", Text(sweep["source"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grid_WhenTrialsAreInEveryState_HasOneCellPerGroupWithItsMeans()
    {
        await MixAsync();
        JsonArray cells = (await _dashboard.GetAsync($"{_dashboard.SweepUrl}/grid"))["cells"]!.AsArray();
        Assert.Equal(6, cells.Count);
        Assert.Equal(("standardize", "8"), (Text(cells[0]!["key"]!["preprocessing"]), Text(cells[0]!["key"]!["width"])));
        Assert.Equal(("gaussianize", "32"), (Text(cells[5]!["key"]!["preprocessing"]), Text(cells[5]!["key"]!["width"])));
        Assert.Equal((2, 2), (Number(cells[0]!["total"]), Number(cells[0]!["completed"])));

        // Of trials 0 and 1, and of 2 and 3.
        Assert.Equal([-0.5, -2.5], cells.Take(2).Select(c => c!["metrics"]!["log_likelihood"]!.GetValue<double>()));
        Assert.Equal([1.5, 3.5], cells.Take(2).Select(c => c!["metrics"]!["log_likelihood_gap"]!.GetValue<double>()));
        Assert.Null(cells[0]!["metrics"]!["steps_to_threshold"]);
        Assert.Equal((1, 1), (Number(cells[2]!["failed"]), Number(cells[2]!["running"])));
    }

    [Theory]
    [InlineData("", 12, "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData("skip=10&take=5", 12, "10 11")]
    [InlineData("state=completed", 4, "0 1 2 3")]
    [InlineData("state=completed&sort=log_likelihood", 4, "3 2 1 0")]
    [InlineData("sort=log_likelihood&desc=true&skip=2&take=4", 12, "2 3 4 5")]
    [InlineData("sort=log_likelihood&where.width=16", 4, "3 2 8 9")]
    [InlineData("state=queued&sort=log_likelihood&desc=true", 6, "6 7 8 9 10 11")]
    [InlineData("where.width=16", 4, "2 3 8 9")]
    [InlineData("where.width=16&where.seed=5&where.preprocessing=gaussianize", 1, "9")]
    [InlineData("where.seed=3&desc=true&take=2", 6, "10 8")]
    public async Task Trials_WhenFilteredAndSorted_PagesOnTheServer(string query, int total, string ordinals)
    {
        await MixAsync();
        JsonNode page = await _dashboard.GetAsync($"{_dashboard.SweepUrl}/trials?{query}");
        Assert.Equal(total, Number(page["total"]));
        string[] all = AllIds();
        Assert.Equal(ordinals, string.Join(' ', page["trials"]!.AsArray().Select(t => Array.IndexOf(all, Text(t!["id"])))));
    }

    [Fact]
    public async Task Trials_WhenSortedAndMoreComplete_PutsThemInTheirPlaces()
    {
        await _dashboard.CompleteAsync(4);
        double[] few = await ValuesAsync();
        Assert.Equal([-3.0, -2, -1, 0], few);
        await _dashboard.CompleteAsync(3);
        double[] more = await ValuesAsync();
        Assert.Equal([-6.0, -5, -4, -3, -2, -1, 0], more);

        async Task<double[]> ValuesAsync() =>
        [
            .. (await _dashboard.GetAsync($"{_dashboard.SweepUrl}/trials?sort=log_likelihood&state=completed"))["trials"]!.AsArray()
                .Select(t => t!["metrics"]!["log_likelihood"]!.GetValue<double>()),
        ];
    }

    [Fact]
    public async Task Trials_WhenAskedByABeginning_FindsTheTrial()
    {
        string id = AllIds()[7];
        JsonNode trial = Assert.Single((await _dashboard.GetAsync($"{_dashboard.SweepUrl}/trials?q={id[..12]}"))["trials"]!.AsArray())!;
        Assert.Equal((id, 5L, "8"), (Text(trial["id"]), trial["seed"]!.GetValue<long>(), Text(trial["axes"]!["width"])));
    }

    [Theory]
    [InlineData("state=lost", "state: lost; allowed: queued, running")]
    [InlineData("state=2", "state: 2; allowed")]
    [InlineData("take=501", "take: 501; allowed: 0 to 500")]
    [InlineData("skip=-1", "skip: -1; allowed")]
    [InlineData("where.depth=1", "no axis: depth; allowed: dataset, preprocessing, schedule, width, seed")]
    [InlineData("where.width=9", "where.width: 9; allowed: 8, 16, 32")]
    [InlineData("sort=a'b", "sort: a'b; allowed")]
    [InlineData("q=..%2F", "q: ../; allowed")]
    public async Task Trials_WhenAskedWrongly_SaysWhatIsAllowed(string query, string message)
    {
        using HttpResponseMessage response = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/trials?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, Text(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Points_WhenSomeCompleted_HasTheirLabelsSeedAndValues()
    {
        await MixAsync();
        JsonNode points = await _dashboard.GetAsync($"{_dashboard.SweepUrl}/points?metrics=log_likelihood,steps_to_threshold");
        Assert.Equal((4, false), (Number(points["total"]), points["sampled"]!.GetValue<bool>()));
        Assert.Equal(["log_likelihood", "steps_to_threshold", "log_likelihood_gap"], points["metrics"]!.AsArray().Select(Text));
        Assert.Equal("[\"ring8\",\"standardize\",\"vp-cosine\",\"16\",3,-2,null,3]", points["rows"]![2]!.ToJsonString());
    }

    [Fact]
    public async Task Failures_WhenMessagesDifferInNumbers_AreOne()
    {
        await MixAsync();
        JsonNode failure = Assert.Single((await _dashboard.GetAsync($"{_dashboard.SweepUrl}/failures"))["failures"]!.AsArray())!;
        Assert.Equal(("failed", 3, 1), (Text(failure["cause"]), Number(failure["count"]), Number(failure["trials_failed"])));
        Assert.StartsWith("loss is NaN at step", Text(failure["message"]), StringComparison.Ordinal);
        Assert.Equal(AllIds()[4], Text(Assert.Single(failure["trials"]!.AsArray())));
        Assert.Equal("a", Text(Assert.Single(failure["silos"]!.AsArray())));
    }

    [Fact]
    public async Task Trial_WhenCompleted_HasItsCurvesAttemptsLogAndCommand()
    {
        await MixAsync();
        JsonNode trial = await _dashboard.GetAsync($"{_dashboard.SweepUrl}/trials/{AllIds()[1]}");
        Assert.Equal("completed", Text(trial["state"]));
        Assert.Equal("[0,1,2]", trial["curves"]!["log_likelihood"]!["x"]!.ToJsonString());
        Assert.Equal("[-5,null,-1]", trial["curves"]!["log_likelihood"]!["y"]!.ToJsonString());
        Assert.Equal(
            ("reverse_step", 1.0),
            (Text(trial["curves"]!["log_likelihood"]!["x_kind"]), trial["metrics"]!["log_likelihood"]!["truth_level"]!.GetValue<double>()));
        Assert.Equal("never", Text(trial["metrics"]!["steps_to_threshold"]!["reason"]));
        Assert.Equal(("completed", "a"), (Text(trial["attempts"]![0]!["outcome"]), Text(trial["attempts"]![0]!["silo"])));
        Assert.Contains(trial["log"]!.AsArray(), l => Text(l!["text"]) == "FastICA did not converge");
        Assert.Contains("./sweep run trial-", Text(trial["command"]), StringComparison.Ordinal);
        Assert.Equal(200, Number(trial["spec"]!["training"]!["steps"]));
    }

    [Fact]
    public async Task Silos_WhenOneWorks_SaysWhatItRuns()
    {
        await MixAsync();
        JsonNode silo = Assert.Single((await _dashboard.GetAsync("api/silos"))["silos"]!.AsArray())!;
        Assert.Equal(("a", "active", 4), (Text(silo["id"]), Text(silo["state"]), Number(silo["completed"])));
        JsonNode runs = Assert.Single(silo["running"]!.AsArray())!;
        Assert.Equal(
            (_dashboard.Spec.Id, "tiny", AllIds()[5], "train"), (Text(runs["sweep"]), Text(runs["sweep_name"]), Text(runs["trial"]), Text(runs["phase"])));
    }

    [Fact]
    public async Task Actions_WhenAnOperatorAsks_PauseResumeCancelAndRetry()
    {
        await MixAsync();
        Assert.Equal("paused", await ActAsync("pause"));
        Assert.Equal("running", await ActAsync("resume"));
        Assert.Equal("running", await ActAsync("retry", new { trials = new[] { AllIds()[4] } }));
        Assert.Equal(0, (await Summary()).Failed);
        await ActAsync("cancel", new { trials = new[] { AllIds()[4] } });
        Assert.Equal(1, (await Summary()).Cancelled);
        await ActAsync("cancel");
        Assert.Equal(7, (await Summary()).Cancelled);
        JsonArray log = (await _dashboard.GetAsync($"{_dashboard.SweepUrl}/requests"))["requests"]!.AsArray();
        Assert.Equal(["cancel", "cancel", "retry", "resume", "pause"], log.Select(r => Text(r!["verb"])));
        Assert.All(log, r => Assert.Equal("done", Text(r!["state"])));
        Assert.Equal((1, 1), (Number(log[1]!["trials"]), Number(log[1]!["count"])));
    }

    [Fact]
    public async Task Sweep_WhenAllHasEndedAndSomeWasCancelled_IsWholeAndNothingIsLeft()
    {
        await _dashboard.CompleteAsync(4);
        await ActAsync("cancel");
        JsonNode sweep = await _dashboard.GetAsync(_dashboard.SweepUrl);
        Assert.Equal((4, 8), (Number(sweep["completed"]), Number(sweep["cancelled"])));
        Assert.Equal(1, sweep["fraction"]!.GetValue<double>());
    }

    [Fact]
    public async Task Note_WhenAnOperatorWritesIt_IsInTheListAndTheSweep()
    {
        Assert.Null((await _dashboard.GetAsync(_dashboard.SweepUrl))["note"]);
        await ActAsync("note", new { text = " <b>for</b> the paper ", tags = new[] { "paper", "paper" } });
        foreach (JsonNode? sweep in new[] { (await _dashboard.GetAsync("api/sweeps"))["sweeps"]![0], await _dashboard.GetAsync(_dashboard.SweepUrl) })
        {
            Assert.Equal("<b>for</b> the paper", Text(sweep!["note"]!["text"]));
            Assert.Equal(["paper"], sweep["note"]!["tags"]!.AsArray().Select(Text));
        }

        await ActAsync("note");
        Assert.Null((await _dashboard.GetAsync(_dashboard.SweepUrl))["note"]);
        Assert.Equal(["note", "note"],
            (await _dashboard.GetAsync($"{_dashboard.SweepUrl}/requests"))["requests"]!.AsArray().Select(r => Text(r!["verb"])));
    }

    [Fact]
    public async Task Note_WhenItCannotBeKept_SaysWhatIsAllowed()
    {
        using HttpResponseMessage response = await _dashboard.PostAsync($"{_dashboard.SweepUrl}/note", new { tags = new[] { "a,b" } });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("tag: a,b; allowed: no comma and no control characters", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null((await _dashboard.GetAsync(_dashboard.SweepUrl))["note"]);
    }

    [Fact]
    public async Task Unquarantine_WhenNotQuarantined_SaysSo()
    {
        using HttpResponseMessage response = await _dashboard.PostAsync("api/silos/host%2F12%2Fx/unquarantine");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("host/12/x", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WhenTrialsComplete_IsBuiltAnewFromThoseNotReadBefore()
    {
        using (HttpResponseMessage none = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/report"))
            Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
        await _dashboard.CompleteAsync(4);
        (string first, JsonNode report) = await ReportAsync(4);
        Assert.Equal(2, report["groups"]!.AsArray().Count);
        using (HttpResponseMessage same = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/report", null, ("If-None-Match", first)))
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        await _dashboard.CompleteAsync(8);
        (string second, report) = await ReportAsync(12);
        Assert.NotEqual(first, second);
        Assert.Equal(6, report["groups"]!.AsArray().Count);
    }

    [Fact]
    public async Task Groups_WhenChosen_AreTheReports()
    {
        await _dashboard.CompleteAsync(12);
        (_, JsonNode report) = await ReportAsync(12);
        JsonNode chosen = await _dashboard.GetAsync($"{_dashboard.SweepUrl}/groups?where.width=16&where.preprocessing=gaussianize");
        JsonNode group = Assert.Single(chosen["groups"]!.AsArray())!;
        JsonNode same = report["groups"]!.AsArray().Single(g => JsonNode.DeepEquals(g!["axes"], group["axes"]))!;
        Assert.Equal(same.ToJsonString(), group.ToJsonString());
        Assert.Equal((1, false), (Number(chosen["total"]), chosen["sampled"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Report_WhenItIsSmall_IsWholeForAPageToo()
    {
        await _dashboard.CompleteAsync(4);
        (string tag, _) = await ReportAsync(4);
        using HttpResponseMessage page = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/report?form=brief");
        Assert.Equal((tag, false), (page.Headers.ETag!.ToString(), page.Headers.Contains("X-Sweep-Form")));
        using HttpResponseMessage comparisons = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/comparisons");
        Assert.Equal(HttpStatusCode.NotFound, comparisons.StatusCode);
    }

    [Theory]
    [InlineData("report?form=short", "form: short; allowed: brief, whole")]
    [InlineData("comparisons?verdict=maybe", "verdict: maybe; allowed: decided, undecided, a, b")]
    [InlineData("comparisons?means=all", "means: all; allowed: only, without")]
    [InlineData("comparisons?sort=name", "sort: name; allowed: metric, arm")]
    [InlineData("comparisons?sort=where.depth", "no axis: depth; allowed: ")]
    [InlineData("comparisons?where.depth=8", "no axis: depth; allowed: ")]
    [InlineData("comparisons?take=501", "take: 501; allowed: 0 to 500")]
    public async Task Report_WhenAskedForWhatThereIsNot_SaysWhatIsAllowed(string query, string expected)
    {
        using HttpResponseMessage response = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/sweeps/none")]
    [InlineData("api/sweeps/none/grid")]
    [InlineData("api/sweeps/none/comparisons")]
    [InlineData("api/sweeps/none/groups")]
    [InlineData("api/sweeps/none/trials")]
    [InlineData("api/sweeps/none/report")]
    [InlineData("api/events?sweep=none")]
    [InlineData("api/nothing")]
    [InlineData("api/sweeps/{id}/trials/ffffffffffffffff")]
    [InlineData("api/sweeps/{id}/trials/{trial}/artifacts/none")]
    [InlineData("assets/none.js")]
    public async Task Get_WhenThereIsNoSuchThing_Is404(string path)
    {
        path = path.Replace("{id}", _dashboard.Spec.Id, StringComparison.Ordinal).Replace("{trial}", AllIds()[0], StringComparison.Ordinal);
        using HttpResponseMessage response = await _dashboard.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("allowed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sweeps/none/cancel", "[]", "no sweep: none")]
    [InlineData("sweeps/none/pause", "[]", "no sweep: none")]
    [InlineData("sweeps/{id}/cancel", "[\"ffffffffffffffff\"]", "no trial: ffffffffffffffff")]
    [InlineData("sweeps/{id}/cancel", "[\"{trial}\", \"ffffffffffffffff\"]", "no trial: ffffffffffffffff")]
    [InlineData("sweeps/{id}/cancel", "[\"{prefix}\"]", "no trial: ")]
    [InlineData("sweeps/{id}/cancel", "[\"%' OR 1\"]", "no trial: %' OR 1")]
    [InlineData("sweeps/{id}/retry", "[null]", "no trial: null")]
    public async Task Post_OfWhatThereIsNot_Is404AndChangesNothing(string path, string trials, string message)
    {
        await MixAsync();
        string Filled(string text) => text.Replace("{id}", _dashboard.Spec.Id, StringComparison.Ordinal)
            .Replace("{trial}", AllIds()[6], StringComparison.Ordinal).Replace("{prefix}", AllIds()[6][..12], StringComparison.Ordinal);
        using HttpResponseMessage response = await _dashboard.PostAsync($"api/{Filled(path)}", new { trials = JsonNode.Parse(Filled(trials)) });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        string error = Text(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Contains("; allowed: ", error, StringComparison.Ordinal);
        Assert.Equal((6, 0), ((await Summary()).Queued, (await Summary()).Cancelled));
        Assert.Empty((await _dashboard.GetAsync($"{_dashboard.SweepUrl}/requests"))["requests"]!.AsArray());
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static int Number(JsonNode? node) => node!.GetValue<int>();

    private string[] AllIds() => [.. Sweep.Grains.Specs.TrialExpansion.Expand(_dashboard.Spec).Select(t => t.Id)];

    private async Task<SweepSummary> Summary() => (await _dashboard.Store.Reader.FindAsync(_dashboard.Spec.Id, None))!;

    /// <summary>Trials 0 to 3 completed, 4 failed for good, 5 half-way, the others queued.</summary>
    private async Task MixAsync()
    {
        await _dashboard.CompleteAsync(4);
        await _dashboard.FailAsync("loss is NaN");
        Lease lease = (await _dashboard.LeaseAsync(1))[0];
        await _dashboard.Coordinator.HeartbeatAsync("a", [new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "train", 0.5, 0.25)], None);
    }

    private async Task<string> ActAsync(string verb, object? body = null)
    {
        using HttpResponseMessage response = await _dashboard.PostAsync($"{_dashboard.SweepUrl}/{verb}", body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.NotNull(JsonNode.Parse(text)!["done"]);
        return Text((await _dashboard.GetAsync(_dashboard.SweepUrl))["state"]);
    }

    private async Task<(string Tag, JsonNode Report)> ReportAsync(int asOf)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            using HttpResponseMessage response = await _dashboard.SendAsync(HttpMethod.Get, $"{_dashboard.SweepUrl}/report");
            if (response.StatusCode == HttpStatusCode.OK && response.Headers.GetValues("X-Sweep-As-Of").Single() == $"{asOf}")
                return (response.Headers.ETag!.ToString(), JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
            await Task.Delay(50);
        }

        throw new TimeoutException($"no report of {asOf} trials in 10 s");
    }
}
