using Sweep.Grains.Coordination;
using Sweep.Tests.Client;
using Sweep.Tests.Client.Chaos;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>
/// The scenarios of <see cref="ChaosTests"/> on three silos whose grains own the trials: who dies or freezes may well be the one that the sweep's grain is on.
/// </summary>
public sealed class OrleansChaosTests(PostgresServer server, UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>, IAsyncLifetime
{
    public ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Cluster_WhenASiloIsKilledAndAnotherFrozenPastItsLease_DoesEveryTrialOnce()
    {
        await using var cluster = new ChaosCluster(server, "--orleans");
        await cluster.LaunchAsync(ChaosSpec.Many);

        // The first is the one that has the grains.
        SweepProcess killed = cluster.Silo("killed");
        await cluster.UntilAsync("the first silo has completed some", async () => await cluster.CompletedAsync("many") >= 4);
        await cluster.FreezeAtWorkAsync(killed, "killed");
        killed.Kill();
        SweepProcess zombie = cluster.Silo("zombie");
        await cluster.UntilAsync("the zombie-to-be has completed some", async () => await cluster.EndedAsync("zombie", AttemptOutcome.Completed) >= 4);
        await cluster.FreezeAtWorkAsync(zombie, "zombie");
        SweepProcess other = cluster.Silo("other", "--sweep", "many");
        await cluster.UntilAsync("another silo has the zombie's trial", async () => await cluster.SucceededAsync("zombie") > 0);
        int lost = await cluster.EndedAsync("zombie", AttemptOutcome.Lost);
        zombie.Thaw();
        await cluster.LaunchAsync(ChaosSpec.Few);
        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);
        await cluster.UntilDoneAsync("few", ChaosSpec.FewTrials);

        Assert.InRange(lost, 1, 2);
        Assert.InRange(await cluster.EndedAsync("killed", AttemptOutcome.Lost), 1, 2);
        await ChaosCluster.DrainAsync(other);
        Assert.Contains("lost", await ChaosCluster.DrainAsync(zombie), StringComparison.Ordinal);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
        await cluster.AssertWholeAsync("few", ChaosSpec.FewTrials, undisturbed);
    }

    [Fact]
    public async Task Cluster_WhenTheDatabaseCrashesAndConnectionsAreCut_DoesEveryTrialOnce()
    {
        // A server of its own: others are at work on the shared one.
        await using var crashing = new PostgresServer();
        await using var cluster = new ChaosCluster(crashing, "--orleans");
        await cluster.LaunchAsync(ChaosSpec.Many);
        SweepProcess[] silos = [cluster.Silo("first"), cluster.Silo("second"), cluster.Silo("third")];
        await cluster.UntilAsync("some are completed", async () => await cluster.CompletedAsync("many") >= 4);
        await crashing.CrashAndRestartAsync();
        await cluster.UntilAsync("some more are completed", async () => await cluster.CompletedAsync("many") >= 12);
        Assert.True(await cluster.CutConnectionsAsync() > 0);
        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);

        string logs = "";
        foreach (SweepProcess silo in silos)
            logs += await ChaosCluster.DrainAsync(silo);
        Assert.Contains("trying again in", logs, StringComparison.Ordinal);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
    }
}
