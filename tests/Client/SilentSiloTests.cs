using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;
using Sweep.Tests.Client.Chaos;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>What is said of silos that send no heartbeats, that join, and that leave.</summary>
public sealed class SilentSiloTests(PostgresServer server) : StoreCommandTests(server, "silent")
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task StatusAndWatch_WhenASiloWithATrialIsNotHeardOf_SayIt()
    {
        using var scratch = new Scratch();
        await LaunchAsync(scratch, TinySpec.Quick);
        await using (ChaosMember member = await ChaosMember.JoinAsync(PostgresUrl.Parse(Store), TimeSpan.FromSeconds(30)))
            Assert.Single(await member.Coordinator.LeaseAsync(new LeaseRequest("gone", 1), None));
        Assert.DoesNotContain("no heartbeat", (await StatusAsync(scratch)).Output, StringComparison.Ordinal);

        await Server.ExecuteAsync($"UPDATE {Schema}.silos SET last_seen = last_seen - 20000");

        Assert.Matches("silent: no heartbeat from silo gone for ([2-9][0-9] s|[0-9]+ min [0-9]+ s); it has 1 trial\n", (await StatusAsync(scratch)).Output);
        using SweepProcess watch = SweepProcess.Start(scratch.Path, "watch", "--store", Store);
        await UntilAsync("watch says it", () =>
            Task.FromResult(watch.OutputSoFar.Contains("1 running; no heartbeat from silo gone for ", StringComparison.Ordinal)));
        watch.Interrupt();
        Assert.Equal(130, (await watch.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Silo_WithMetrics_SaysThatItIsReadyAndHowLargeTheClusterIs()
    {
        using var scratch = new Scratch();
        await LaunchAsync(scratch, TinySpec.Quick);
        using SweepProcess silo = SweepProcess.Start(scratch.Path, "silo", "--store", Store, "--metrics", "0");
        await UntilAsync("it says where its metrics are", () => Task.FromResult(silo.ErrorSoFar.Contains("/metrics", StringComparison.Ordinal)));
        string url = silo.ErrorSoFar.Split("metrics at ")[1].Split('\n')[0].Trim();
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Contains(
            "\nsweep_cluster_silos 1\n",
            await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        silo.Terminate();
        Assert.Equal(0, (await silo.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Silo_WhenTrialsOfItsSweepFailedForGood_Exits1()
    {
        using var scratch = new Scratch();
        await LaunchAsync(scratch, TinySpec.Quick);
        await Server.ExecuteAsync(
            $"""
            UPDATE {Schema}.trials SET state = {(int)TrialStatus.Failed} WHERE trial = (SELECT min(trial) FROM {Schema}.trials);
            UPDATE {Schema}.sweep_counts SET queued = queued - 1, failed = failed + 1 WHERE slot = (SELECT min(slot) FROM {Schema}.sweep_counts);
            """);
        SweepOutcome silo = await SweepProcess.RunAsync(scratch.Path, "silo", "--store", Store, "--exit-when-idle");
        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("nothing left to do; 1 trial failed for good", silo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusLive_WhenNoSiloIsUpOrNoneAnswers_SaysWhich()
    {
        using var scratch = new Scratch();
        await LaunchAsync(scratch, TinySpec.Quick);
        SweepOutcome none = await SweepProcess.RunAsync(scratch.Path, "status", "--live", "--store", Store);
        Assert.Contains("no silo is up: start one", none.Error, StringComparison.Ordinal);

        await AddUnreachableSiloAsync();
        SweepOutcome unreachable = await SweepProcess.RunAsync(scratch.Path, "status", "--live", "--store", Store);
        Assert.Equal((3, 3), (none.ExitCode, unreachable.ExitCode));
        Assert.Contains("1 silo is up, but none answers at its port for clients", unreachable.Error, StringComparison.Ordinal);
    }

    /// <summary>It joins for a minute: the table has an active silo that nobody reaches.</summary>
    [Fact]
    public async Task Silo_WhenToldToStopWhileItJoins_Drains()
    {
        using var scratch = new Scratch();
        await LaunchAsync(scratch, TinySpec.Quick);
        await AddUnreachableSiloAsync();
        using SweepProcess silo = SweepProcess.Start(scratch.Path, "silo", "--store", Store);
        await UntilAsync("it joins", async () =>
            (long)(await Server.ScalarAsync($"SELECT count(*) FROM {Schema}.orleans_members WHERE status = {(int)SiloStatus.Joining}"))! == 1);
        silo.Terminate();
        SweepOutcome outcome = await silo.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("drained: told to stop before the cluster was joined", outcome.Error, StringComparison.Ordinal);
    }

    private Task AddUnreachableSiloAsync() => Server.ExecuteAsync(
        $"""
        INSERT INTO {Schema}.orleans_versions (deployment) SELECT id || '/{OrleansHost.Build}' FROM {Schema}.cluster_key;
        INSERT INTO {Schema}.orleans_members (deployment, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        SELECT id || '/{OrleansHost.Build}', '127.0.0.1', 9, 1, 'away', 'away', {(int)SiloStatus.Active}, 10, now(), now() + interval '1 hour'
        FROM {Schema}.cluster_key;
        """);

    private async Task LaunchAsync(Scratch scratch, string spec)
    {
        scratch.Write("tiny.yaml", spec);
        SweepOutcome launched = await SweepProcess.RunAsync(scratch.Path, "launch", "tiny.yaml", "--store", Store);
        Assert.True(launched.ExitCode == 0, launched.Error);
    }

    private async Task<SweepOutcome> StatusAsync(Scratch scratch) => await SweepProcess.RunAsync(scratch.Path, "status", "--store", Store);
}
