using System.Net;
using System.Text.Json.Nodes;
using Sweep.Client.Dashboard;
using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

/// <summary><c>sweep serve</c> and <c>sweep run --serve</c>, as a user types them.</summary>
public sealed class ServeCommandTests
{
    [Theory]
    [InlineData(new[] { "--no-token", "--listen", "0.0.0.0:0" }, "others could operate your sweeps; allowed: --no-token on 127.0.0.1 alone")]
    [InlineData(new[] { "--no-token", "--listen", "[::]:0" }, "others could operate your sweeps")]
    [InlineData(new[] { "--no-token", "--host", "sweep.example" }, "others could operate your sweeps")]
    [InlineData(new[] { "--no-token", "--token-file", "long" }, "--no-token together with a token")]
    [InlineData(new[] { "--trusted-proxy", "everybody" }, "--trusted-proxy: everybody; allowed: an IP address")]
    [InlineData(new[] { "--listen", "nowhere" }, "--listen: nowhere; allowed: PORT")]
    [InlineData(new[] { "--token-file", "short" }, "the token has 5 characters; allowed: 16 or more")]
    [InlineData(new[] { "--oidc-authority", "http://issuer.example", "--oidc-audience", "a" }, "allowed: an https URL")]
    [InlineData(new[] { "--oidc-authority", "https://issuer.example" }, "allowed: with --oidc-audience AUDIENCE")]
    [InlineData(new[] { "--out", "nothing" }, "no run: nothing")]
    public async Task Serve_WhenItWouldBeOpenOrMakesNoSense_EndsWithTwo(string[] arguments, string message)
    {
        using var scratch = new Scratch();
        scratch.Write("short", "guess");
        scratch.Write("long", TestDashboard.Token);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, ["serve", .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunServe_WhenPausedAndResumedFromThePage_EndsDoneAndTheRunsDashboardCanBeServed()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick.Replace("steps: 200", "steps: 3000", StringComparison.Ordinal));
        using ServedProcess run = await ServedProcess.StartAsync(scratch.Path, "run", "tiny.yaml", "--out", "tiny", "--slots", "1", "--serve", "0");
        Assert.True((await run.GetAsync("api/session"))["embedded"]!.GetValue<bool>());
        string sweep = $"api/sweeps/{(await run.GetAsync("api/sweeps"))["sweeps"]![0]!["id"]!.GetValue<string>()}";
        Assert.Equal(HttpStatusCode.OK, await run.PostAsync($"{sweep}/pause"));
        await run.UntilAsync("it stands", async () => (await run.GetAsync(sweep))["running"]!.GetValue<int>() == 0);
        Assert.Equal("paused", (await run.GetAsync(sweep))["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, await run.PostAsync($"{sweep}/resume"));
        SweepOutcome outcome = await run.EndAsync();
        Assert.Equal(0, outcome.ExitCode);

        using ServedProcess served = await ServedProcess.StartAsync(scratch.Path, "serve", "--out", "tiny", "--listen", "0");
        JsonNode done = await served.GetAsync(sweep);
        Assert.Equal(("done", 8), (done["state"]!.GetValue<string>(), done["completed"]!.GetValue<int>()));

        // Every user of this machine reaches it, but only who has the link gets in.
        using (var stranger = new HttpClient { BaseAddress = served.Url })
        using (HttpResponseMessage refused = await stranger.GetAsync(new Uri(sweep, UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.NotEqual(run.Link.Query, served.Link.Query);
        served.Interrupt();
        Assert.Equal(0, (await served.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Serve_WithoutArguments_ServesAllRunsAndThoseMadeLater()
    {
        using var scratch = new Scratch();
        await RunAsync(scratch, "one");
        using ServedProcess served = await ServedProcess.StartAsync(scratch.Path, "serve", "--listen", "0", "--base", "/lab/sweep");
        JsonNode one = (await served.GetAsync("api/sweeps"))["sweeps"]!.AsArray().Single()!;
        string id = one["id"]!.GetValue<string>();
        Assert.Equal($"/lab/sweep/sweeps/{id}", served.Link.AbsolutePath);
        Assert.Equal(("one", Path.Combine("runs", "one")), (one["name"]!.GetValue<string>(), one["where"]!.GetValue<string>()));

        await RunAsync(scratch, "two");
        Directory.CreateDirectory(Path.Combine(scratch.Path, "runs", "foreign"));
        scratch.Write(Path.Combine("runs", "foreign", "sweep.db"), "no database");
        JsonArray sweeps = [];
        await served.UntilAsync("both have their answers", async () =>
        {
            sweeps = (await served.GetAsync("api/sweeps"))["sweeps"]!.AsArray();
            return sweeps.Count == 2 && sweeps.All(s => s!["answer"] is not null);
        });
        Assert.Equal(["one", "two"], sweeps.Select(s => s!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        foreach (JsonNode? sweep in sweeps)
        {
            string api = $"api/sweeps/{sweep!["id"]!.GetValue<string>()}";
            string report = await File.ReadAllTextAsync(
                Path.Combine(scratch.Path, sweep["where"]!.GetValue<string>(), "report", "report.json"), TestContext.Current.CancellationToken);
            Assert.Equal(JsonNode.Parse(report)!["answer"]!["headline"]!.GetValue<string>(), sweep["answer"]!.GetValue<string>());
            JsonNode trial = (await served.GetAsync($"{api}/trials"))["trials"]![0]!;
            JsonNode detail = await served.GetAsync($"{api}/trials/{trial["id"]!.GetValue<string>()}");
            Assert.Contains(detail["artifacts"]!.AsArray(), a => a!["name"]!.GetValue<string>() == "samples.npy");
            Assert.NotNull(detail["scatter"]);
        }

        // A folder that goes takes its sweep with it.
        Directory.Delete(Path.Combine(scratch.Path, "runs", "one"), recursive: true);
        await served.UntilAsync("it is gone", async () => (await served.GetAsync("api/sweeps"))["sweeps"]!.AsArray().Count == 1);
        served.Interrupt();
        SweepOutcome outcome = await served.EndAsync();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains($"left out: {Path.Combine("runs", "foreign")}: ", outcome.Error, StringComparison.Ordinal);

        static async Task RunAsync(Scratch scratch, string name)
        {
            scratch.Write($"{name}.yaml", TinySpec.Quick.Replace("sweep: tiny", $"sweep: {name}", StringComparison.Ordinal));
            Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", $"{name}.yaml")).ExitCode);
        }
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("sweep", "/sweep/")]
    [InlineData("/lab/sweep/", "/lab/sweep/")]
    public void ParseBase_OfAPath_HasASlashAtEitherEnd(string given, string expected) => Assert.Equal(expected, DashboardOptions.ParseBase(given));

    [Theory]
    [InlineData("/a b/")]
    [InlineData("/a/../b/")]
    [InlineData("https://example.org/")]
    [InlineData("/\"><script>/")]
    public void ParseBase_OfAnythingElse_SaysWhatIsAllowed(string given) =>
        Assert.Contains(
            "allowed: a path such as /sweep/", Assert.Throws<UsageException>(() => DashboardOptions.ParseBase(given)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunServe_WhenToldNoToken_IsOpenToThisMachine()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(2, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--no-token")).ExitCode);
        using ServedProcess run = await ServedProcess.StartAsync(scratch.Path, "run", "tiny.yaml", "--out", "tiny", "--serve", "0", "--no-token");
        Assert.Equal("", run.Link.Query);
        Assert.Equal("none", (await run.GetAsync("api/session"))["auth"]!.GetValue<string>());
    }
}
