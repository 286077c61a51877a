using System.Globalization;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>A cluster of several silos through the installed command, as a user types it.</summary>
public sealed class OrleansCommandTests(PostgresServer server) : StoreCommandTests(server, "orleanscommand")
{
    [Fact]
    public async Task Cluster_WhenOneOfThreeSilosIsKilledHalfWay_GivesTheEmbeddedReport()
    {
        using var scratch = new Scratch();
        scratch.Write("home/tiny.yaml", TinySpec.Quick.Replace("steps: 200", "steps: 6000", StringComparison.Ordinal));
        string home = Path.Combine(scratch.Path, "home");
        await OkAsync(home, "run", "tiny.yaml", "--out", "embedded");

        SweepOutcome launched = await OkAsync(home, "launch", "tiny.yaml", "--store", Store);
        Assert.Contains("launched tiny: 8 trials", launched.Output, StringComparison.Ordinal);
        Assert.Contains("no silo is up yet", launched.Output, StringComparison.Ordinal);
        using SweepProcess killed = Silo(scratch, "first");
        await UntilAsync("the first silo completed a trial", async () => await CompletedAsync() > 0);
        Assert.Contains("1 silo is up", (await OkAsync(home, "launch", "tiny.yaml", "--store", Store)).Output, StringComparison.Ordinal);
        using SweepProcess second = Silo(scratch, "second", "--exit-when-idle");
        using SweepProcess third = Silo(scratch, "third", "--exit-when-idle");
        await UntilAsync("a quarter is done", async () => await CompletedAsync() >= 2);
        SweepOutcome status = await OkAsync(home, "status", "--live", "--store", Store);
        Assert.Matches("comparisons after [0-9]+ trials", status.Output);
        killed.Kill();
        await killed.EndAsync();
        foreach (SweepProcess silo in new[] { second, third })
        {
            SweepOutcome outcome = await silo.EndAsync();
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            Assert.Contains("in the cluster", outcome.Error, StringComparison.Ordinal);
        }

        // They waited for what the dead one held.
        Assert.Equal(8, await CompletedAsync());
        await OkAsync(home, "report", "--store", Store, "--out", "cluster");
        Assert.Equal(
            ReportNumbers.Of(Path.Combine(home, "embedded"), pictures: false), ReportNumbers.Of(Path.Combine(home, "cluster"), pictures: false));
    }

    [Fact]
    public async Task Setup_WhenTheStoreIsMade_MakesTheClustersTablesToo()
    {
        using var scratch = new Scratch();
        await OkAsync(scratch.Path, "setup", "--store", Store);
        await OkAsync(scratch.Path, "setup", "--store", Store);
        Assert.Equal(9L, await Server.ScalarAsync($"SELECT count(*) FROM {Schema}.orleansquery"));
    }

    [Fact]
    public async Task Silo_WhenAskedForAnAddressThatIsNone_Exits2()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "silo", "--store", Store, "--advertise", "everywhere");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--advertise: everywhere; allowed: an IP address", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenAnotherBuildServesTheStore_IsRefusedAndBothAreNamed()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        await OkAsync(scratch.Path, "launch", "tiny.yaml", "--store", Store);
        await Server.ExecuteAsync(
            $"""
            SET search_path = {Schema};
            INSERT INTO orleans_versions (deployment) SELECT id || '/9.9.9-0000beef' FROM cluster_key;
            INSERT INTO orleans_members (deployment, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
            SELECT id || '/9.9.9-0000beef', '10.1.2.3', 11111, 1, 'a', 'elsewhere', 3, 30000, now(), now() FROM cluster_key;
            """);
        foreach (string[] command in new string[][] { ["silo", "--exit-when-idle"], ["status", "--live"] })
        {
            SweepOutcome refused = await SweepProcess.RunAsync(scratch.Path, [.. command, "--store", Store]);
            Assert.Equal(3, refused.ExitCode);
            Assert.Matches("elsewhere .10.1.2.3:11111. runs build 9.9.9-0000beef, this is build [0-9.]+-[0-9a-f]{8}; allowed: one build in a cluster",
                refused.Error);
        }

        // It was killed a while ago.
        await Server.ExecuteAsync($"UPDATE {Schema}.orleans_members SET iamalivetime = now() - interval '2 minutes'");
        await OkAsync(scratch.Path, "silo", "--store", Store, "--exit-when-idle");
        Assert.Equal(8, await CompletedAsync());
    }

    [Fact]
    public async Task Setup_WhenTheKeyIsChanged_KeepsSilosAndClientsTogether()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        await OkAsync(scratch.Path, "launch", "tiny.yaml", "--store", Store);
        await OkAsync(scratch.Path, "pause", "--store", Store);
        using SweepProcess silo = Silo(scratch, "first");
        await UntilAsync("the silo serves", async () => (await SweepProcess.RunAsync(scratch.Path, "status", "--live", "--store", Store)).ExitCode == 0);
        Assert.Equal(3, (await SweepProcess.RunAsync(scratch.Path, "setup", "--store", Store, "--drop-old-key")).ExitCode);
        await OkAsync(scratch.Path, "setup", "--store", Store, "--rotate-key");
        SweepOutcome third = await SweepProcess.RunAsync(scratch.Path, "setup", "--store", Store, "--rotate-key");
        Assert.Equal(3, third.ExitCode);
        Assert.Contains("two keys are accepted already", third.Error, StringComparison.Ordinal);
        await OkAsync(scratch.Path, "status", "--live", "--store", Store);
        await OkAsync(scratch.Path, "setup", "--store", Store, "--drop-old-key");
        await UntilAsync("the silo knows that the old key is gone", async () =>
            (await SweepProcess.RunAsync(scratch.Path, "status", "--live", "--store", Store)).ExitCode == 0);
        Assert.Equal(1L, await Server.ScalarAsync($"SELECT count(*) FROM {Schema}.cluster_key"));
    }

    [Fact]
    public async Task Silo_WhenItIsOutbound_NeedsTheKeysFileAloneAndGivesTheEmbeddedReport()
    {
        using var scratch = new Scratch();
        string home = Directory.CreateDirectory(Path.Combine(scratch.Path, "home")).FullName;
        scratch.Write("home/points.csv", string.Join('\n', Enumerable.Range(0, 600).Select(i => $"{Math.Sin(i)},{Math.Cos(i * 0.7)}")));
        scratch.Write("home/tiny.yaml", TinySpec.Quick.Replace(
            "dataset: [{kind: gmm-ring, name: ring8}]", "dataset: [{kind: gmm-ring, name: ring8}, {kind: file, name: points, path: points.csv}]",
            StringComparison.Ordinal));
        await OkAsync(home, "run", "tiny.yaml", "--out", "embedded");
        await OkAsync(home, "launch", "tiny.yaml", "--store", Store);
        await OkAsync(home, "setup", "--store", Store, "--export-key", "cluster.key");

        // The silo itself has nothing to work on: it is kept to another sweep.
        scratch.Write("home/other.yaml", TinySpec.Quick.Replace("sweep: tiny", "sweep: other", StringComparison.Ordinal));
        await OkAsync(home, "launch", "other.yaml", "--store", Store);
        await OkAsync(home, "cancel", "other", "--store", Store);
        int gateway = Sweep.Silo.Orleans.OrleansHost.FreePort();
        using SweepProcess silo = Silo(scratch, "gateway", "--sweep", "other", "--gateway-port", gateway.ToString(CultureInfo.InvariantCulture));
        await UntilAsync("the silo serves", async () => (await SweepProcess.RunAsync(home, "status", "tiny", "--live", "--store", Store)).ExitCode == 0);

        // In a folder of its own, without the data and without a store: the file comes through the gateway too.
        File.Copy(Path.Combine(home, "cluster.key"), Path.Combine(Directory.CreateDirectory(Path.Combine(scratch.Path, "laptop")).FullName, "key"));
        File.Move(Path.Combine(home, "points.csv"), Path.Combine(home, "away.csv"));
        SweepOutcome worked = await SweepProcess.RunAsync(
            Path.Combine(scratch.Path, "laptop"), "silo", "--outbound", "--gateway", $"127.0.0.1:{gateway}", "--key", "key", "--id", "laptop",
            "--sweep", "tiny", "--slots", "2", "--exit-when-idle");
        Assert.True(worked.ExitCode == 0, worked.Error);
        Assert.Contains($"a client of the silo at 127.0.0.1:{gateway}", worked.Error, StringComparison.Ordinal);
        Assert.Equal(16L, await Server.ScalarAsync(
            $"SELECT count(*) FROM {Schema}.attempts a JOIN {Schema}.silos s ON s.silo = a.silo WHERE s.id = 'laptop' AND a.outcome = 1"));
        await OkAsync(home, "report", "tiny", "--store", Store, "--out", "cluster");
        Assert.Equal(
            ReportNumbers.Of(Path.Combine(home, "embedded"), pictures: false), ReportNumbers.Of(Path.Combine(home, "cluster"), pictures: false));
    }

    [Theory]
    [InlineData("--outbound --key k", "--outbound: to which silo? allowed: --gateway HOST:PORT")]
    [InlineData("--outbound --gateway h:1", "--outbound: with which key? allowed: --key FILE")]
    [InlineData("--outbound --gateway h --key k", "--gateway: h; allowed: HOST:PORT")]
    [InlineData("--outbound --gateway h:0 --key k", "--gateway: h:0; allowed: HOST:PORT")]
    [InlineData("--outbound --gateway ::1:5 --key k", "--gateway: ::1:5; allowed: HOST:PORT")]
    [InlineData("--outbound --gateway h:1 --key k --port 5", "--port together with --outbound; allowed: --gateway HOST:PORT and --key FILE")]
    [InlineData("--outbound --gateway h:1 --key nothing", "--key: nothing: it can't be read")]
    [InlineData("--gateway h:1", "--gateway without --outbound; allowed: with --outbound")]
    public async Task Silo_WhenItsOutboundOptionsAreWrong_Exits2(string options, string said)
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, ["silo", .. options.Split(' ')]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    private SweepProcess Silo(Scratch scratch, string name, params string[] more) => SweepProcess.Start(
        Directory.CreateDirectory(Path.Combine(scratch.Path, name)).FullName,
        ["silo", "--store", Store, "--slots", "1", "--id", name, "--lease", "3", .. more]);

    private async Task<int> CompletedAsync() => (int)(long)(await Server.ScalarAsync($"SELECT count(*) FROM {Schema}.trials WHERE state = 2"))!;
}
