using System.Text.Json.Nodes;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A cluster through the installed command, as a user types it: one PostgreSQL, silos in working directories of their own.</summary>
public sealed class ClusterCommandTests(PostgresServer server) : StoreCommandTests(server, "command")
{
    [Fact]
    public async Task Cluster_WhenASiloIsKilledHalfWay_GivesTheEmbeddedReport()
    {
        using var scratch = new Scratch();
        scratch.Write("home/tiny.yaml", TinySpec.Quick.Replace("steps: 200", "steps: 6000", StringComparison.Ordinal));
        string home = Path.Combine(scratch.Path, "home");
        string first = Directory.CreateDirectory(Path.Combine(scratch.Path, "first")).FullName;
        string second = Directory.CreateDirectory(Path.Combine(scratch.Path, "second")).FullName;
        await OkAsync(home, "run", "tiny.yaml", "--out", "embedded");

        Assert.Contains("launched tiny: 8 trials", (await OkAsync(home, "launch", "tiny.yaml", "--store", Store)).Output, StringComparison.Ordinal);
        Assert.Contains("launched before", (await OkAsync(home, "launch", "tiny.yaml", "--store", Store)).Output, StringComparison.Ordinal);
        using (SweepProcess killed = SweepProcess.Start(first, "silo", "--store", Store, "--slots", "1", "--id", "first", "--lease", "3"))
        {
            await UntilAsync("the first silo completed a trial", async () => await CompletedAsync() > 0);
            killed.Kill();
            await killed.EndAsync();
        }

        // What the dead silo held is given again only when its lease has expired, which the test does not wait for; a short one lets the next take its place
        // soon.
        await Server.ExecuteAsync($"UPDATE {Schema}.trials SET expires = 0 WHERE state = 1");
        await OkAsync(second, "silo", "--store", Store, "--slots", "2", "--id", "second", "--lease", "3", "--exit-when-idle");

        await OkAsync(home, "report", "--store", Store, "--out", "cluster");
        Assert.Equal(
            ReportNumbers.Of(Path.Combine(home, "embedded"), pictures: false), ReportNumbers.Of(Path.Combine(home, "cluster"), pictures: false));

        JsonNode status = await JsonAsync(home, "status", "tiny", "--store", Store, "--json");
        Assert.Equal(8, status["sweep"]!["completed"]!.GetValue<int>());
        Assert.Equal(1, status["causes"]!["lost"]!.GetValue<int>());
        JsonNode listed =
            await JsonAsync(home, "trials", "--store", Store, "--json", "--where", "width=16", "--sort", "energy_distance", "--descending");
        JsonArray trials = listed.AsArray();
        Assert.Equal(4, trials.Count);
        double[] distances = [.. trials.Select(t => t!["metrics"]!["energy_distance"]!["value"]!.GetValue<double>())];
        Assert.Equal(distances.OrderDescending(), distances);
        Assert.All(trials, t => Assert.Equal(16, t!["axes"]!["width"]!.GetValue<int>()));

        // Artifacts stay where they were made; show says where.
        string id = trials[0]!["id"]!.GetValue<string>();
        SweepOutcome shown = await OkAsync(home, "show", id[..8], "--store", Store);
        string folder = shown.Output.Split('\n').Single(l => l.StartsWith("artifacts: ", StringComparison.Ordinal)).Split(':', 3)[2].Trim();
        Assert.True(File.Exists(Path.Combine(folder, "samples.npy")), folder);
        Assert.Contains("done, 8/8 trials", (await OkAsync(home, "watch", "--store", Store)).Output, StringComparison.Ordinal);
        Assert.Equal("tiny", (await JsonAsync(home, "list", "--store", Store, "--json"))[0]!["sweep"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Silo_WhenTerminated_DrainsInTimeAndTheNextGoesOn()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick.Replace("steps: 200", "steps: 10000000", StringComparison.Ordinal));
        await OkAsync(scratch.Path, "launch", "tiny.yaml", "--store", Store);
        using SweepProcess silo = SweepProcess.Start(scratch.Path, "silo", "--store", Store, "--slots", "2", "--id", "drained");
        await UntilAsync(
            "two trials run",
            async () => (await JsonAsync(scratch.Path, "status", "--store", Store, "--json"))["sweep"]!["running"]!.GetValue<int>() == 2);

        long asked = TimeProvider.System.GetTimestamp();
        silo.Terminate();

        // Batch systems send it twice.
        silo.Terminate();
        SweepOutcome outcome = await silo.EndAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        JsonNode status = await JsonAsync(scratch.Path, "status", "--store", Store, "--json");
        Assert.Equal((0, 8), (status["sweep"]!["running"]!.GetValue<int>(), status["sweep"]!["queued"]!.GetValue<int>()));
        Assert.Equal(2, status["causes"]!["preempted"]!.GetValue<int>());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(scratch.Path, "silo"), "checkpoint.bin", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Silo_WhenItLacksADataFile_TakesItFromTheStore()
    {
        using var scratch = new Scratch();
        string data = scratch.Write("home/points.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i * 0.1},{(i * 7) % 13}\n")));
        scratch.Write(
            "home/tiny.yaml",
            TinySpec.Quick.Replace("{kind: gmm-ring, name: ring8}", "{kind: file, name: mine, path: points.csv}", StringComparison.Ordinal)
                .Replace("seeds: 2", "seeds: 1\ncompare: {axis: preprocessing, baseline: standardize, metric: energy_distance}", StringComparison.Ordinal));
        string home = Path.Combine(scratch.Path, "home");
        await OkAsync(home, "launch", "tiny.yaml", "--store", Store);
        File.Delete(data);

        await OkAsync(scratch.Path, "silo", "--store", Store, "--exit-when-idle", "--dir", "away");

        Assert.Equal(4, await CompletedAsync());
        Assert.Single(Directory.GetFiles(Path.Combine(scratch.Path, "away", "data")));
    }

    [Fact]
    public async Task OperateCommands_WhenTheStoreIsACluster_Work()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick + "\nexpect:\n  - {claim: it calls, metric: denoiser_evaluations, is: \"<= 25\"}\n");
        await OkAsync(scratch.Path, "setup", "--store", Store);
        await OkAsync(scratch.Path, "launch", "tiny.yaml", "--store", Store);
        Assert.Contains("8 of its 8 trials have no result", (await OkAsync(scratch.Path, "ledger", "--store", Store)).Output, StringComparison.Ordinal);

        // Nobody is there to do it: it is written down, and the first silo does it before anything else.
        Assert.Contains("pause is written down, and no silo is up", (await OkAsync(scratch.Path, "pause", "--store", Store)).Output, StringComparison.Ordinal);
        SweepOutcome idle = await OkAsync(scratch.Path, "silo", "--store", Store, "--exit-when-idle");
        Assert.Contains("nothing left", idle.Error, StringComparison.Ordinal);
        Assert.Contains("paused", (await OkAsync(scratch.Path, "status", "--store", Store)).Output, StringComparison.Ordinal);
        await OkAsync(scratch.Path, "resume", "--store", Store);
        await OkAsync(scratch.Path, "cancel", "--store", Store);
        await OkAsync(scratch.Path, "retry", "--store", Store);
        await OkAsync(scratch.Path, "silo", "--store", Store, "--exit-when-idle");
        string trial = (string)(await Server.ScalarAsync($"SELECT id FROM {Schema}.trials ORDER BY ordinal LIMIT 1"))!;
        string log = (await OkAsync(scratch.Path, "show", trial, "--store", Store)).Output;
        Assert.Matches("(?s)retry: 8 trials.*cancel: 8 trials.*resume: done.*pause: done", log);
        Assert.Contains("1 claim, tried once. 1 survives", (await OkAsync(scratch.Path, "ledger", "--store", Store)).Output, StringComparison.Ordinal);
        await OkAsync(scratch.Path, "export", "--store", Store, "--to", "exported");
        Assert.Equal(1 + 8, File.ReadAllLines(Path.Combine(scratch.Path, "exported", "trials.csv")).Length);

        // The environment stands in for --store, which keeps a password out of the process list.
        SweepOutcome unquarantine = await SweepProcess.RunAsync(scratch.Path, ("SWEEP_STORE", Store), "unquarantine", "nobody");
        Assert.Equal(2, unquarantine.ExitCode);
        Assert.Contains("not quarantined: nobody", unquarantine.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("silo")]
    [InlineData("list")]
    [InlineData("ledger")]
    [InlineData("watch")]
    public async Task AnyCommand_WhenThereIsNoStore_Exits3(string command)
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, command, "--store", Store);
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("there is no store", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_WhenTheStoreIsUnreachable_Exits3WithoutThePassword()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "launch", "tiny.yaml", "--store", "postgresql://ann:hunter2@127.0.0.1:1/sweeps");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("can't be reached", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.Error + outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    private async Task<int> CompletedAsync() =>
        (int)(long)(await Server.ScalarAsync($"SELECT count(*) FROM {Schema}.trials WHERE state = 2"))!;

    private static async Task<JsonNode> JsonAsync(string folder, params string[] arguments) => JsonNode.Parse((await OkAsync(folder, arguments)).Output)!;
}
