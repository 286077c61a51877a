using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client.Chaos;

/// <summary>
/// Real silo processes, a real PostgreSQL, real faults. Whatever happens, every trial is done exactly once, with the bits of a run that nothing happened to.
/// Who dies or freezes first is the one that has the sweep's grain.
/// </summary>
public sealed class ChaosTests(PostgresServer server, UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>, IAsyncLifetime
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
        await using var cluster = new ChaosCluster(server);
        await cluster.LaunchAsync(ChaosSpec.Many);
        SweepProcess killed = cluster.Silo("killed");
        await cluster.UntilAsync("the first silo has completed some", async () => await cluster.CompletedAsync("many") >= 4);
        await cluster.FreezeAtWorkAsync(killed, "killed");
        killed.Kill();
        SweepProcess zombie = cluster.Silo("zombie");
        await cluster.UntilAsync("the zombie-to-be has completed some", async () => await cluster.EndedAsync("zombie", AttemptOutcome.Completed) >= 4);
        await cluster.FreezeAtWorkAsync(zombie, "zombie");

        // Another silo takes what the two hold. It keeps to this sweep, so that the zombie alone can do the next one.
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
    public async Task Cluster_WhenASiloIsKilled_RunsItsTrialsElsewhereLongBeforeTheirLeasesRunOut()
    {
        TimeSpan lease = TimeSpan.FromMinutes(2);
        await using var cluster = new ChaosCluster(server);
        await cluster.LaunchAsync(ChaosSpec.Long);
        SweepProcess killed = cluster.Silo("killed", lease);
        SweepProcess other = cluster.Silo("other", lease);
        await cluster.UntilJoinedAsync(killed);
        await cluster.UntilJoinedAsync(other);
        await cluster.LaunchAsync(ChaosSpec.Many);
        await cluster.FreezeAtWorkAsync(killed, "killed");
        killed.Kill();

        await cluster.UntilDoneAsync("long", ChaosSpec.FewTrials);
        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);
        Assert.InRange(await cluster.EndedAsync("killed", AttemptOutcome.Lost), 1, 2);
        Assert.InRange(await cluster.LongestLossAsync("killed"), TimeSpan.Zero, lease / 2);
        await ChaosCluster.DrainAsync(other);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
    }

    /// <summary>The zombie doesn't hear of it by a heartbeat: its next one is minutes away, its report comes first.</summary>
    /// <param name="successor">Another silo; or one started under the same name, which only the fencing token tells from the zombie.</param>
    [Theory]
    [InlineData("another")]
    [InlineData("zombie")]
    public async Task Silo_WhenThawedWhileItsSuccessorHoldsTheTrial_IsRefusedAndTheSuccessorsResultStands(string successor)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var cluster = new ChaosCluster(server);
        await cluster.LaunchAsync(ChaosSpec.Long);
        SweepProcess zombie = cluster.SiloUntilIdle("zombie", TimeSpan.FromHours(1));
        await cluster.FreezeWellAtWorkAsync(zombie, "zombie");
        await cluster.AdvanceClockAsync(TimeSpan.FromMinutes(61));

        await using ChaosMember member = await cluster.JoinAsync(TimeSpan.FromHours(1), successor);
        OrleansCoordinator other = member.Coordinator;
        IReadOnlyList<Lease> leases = await other.LeaseAsync(new LeaseRequest(successor, ChaosSpec.FewTrials), cancellation);
        Lease[] taken = [.. leases.Where(lease => lease.Attempt == 2)];
        Assert.InRange(taken.Length, 1, 2);

        // The zombie ends what it was at and reports it, as the cluster's member that it was or, declared dead, as the one that it becomes; nothing else
        // tells it that it is late.
        zombie.Thaw();
        int Refused() => zombie.ErrorSoFar.Split('\n').Count(line => line.Contains("the report was refused", StringComparison.Ordinal));
        await cluster.UntilAsync("every stale report was refused", () => Task.FromResult(Refused() == taken.Length));
        foreach (Lease lease in taken)
        {
            TrialDetail held = (await other.TrialAsync(lease.SweepId, lease.Trial.Id, cancellation))!;
            Assert.Equal((TrialStatus.Running, 2, successor), (held.Summary.State, held.Summary.Attempts, held.Summary.Silo));
            Assert.Null(held.Result);
            Assert.Equal(ReportAnswer.Accepted, await other.CompleteAsync(lease, Samples.Result(-77), cancellation));
            TrialDetail done = (await other.TrialAsync(lease.SweepId, lease.Trial.Id, cancellation))!;
            Assert.Equal(-77, done.Result!.Metrics["log_likelihood"].Value);
            Assert.Equal(
                [("zombie", AttemptOutcome.Lost), (successor, AttemptOutcome.Completed)], done.Attempts.Select(attempt => (attempt.Silo, attempt.Outcome)));
        }

        // All other trials are the successor's too: when they are done, nothing can come to the zombie any more.
        foreach (Lease lease in leases.Except(taken))
            Assert.Equal(ReportAnswer.Accepted, await other.CompleteAsync(lease, Samples.Result(), cancellation));
        SweepOutcome thawed = await zombie.EndAsync();
        Assert.True(thawed.ExitCode == 0, thawed.Error);
    }

    [Fact]
    public async Task Cluster_WhenTheDatabaseCrashesAndConnectionsAreCut_DoesEveryTrialOnce()
    {
        // A server of its own: others are at work on the shared one.
        await using var crashing = new PostgresServer();
        await using var cluster = new ChaosCluster(crashing);
        await cluster.LaunchAsync(ChaosSpec.Many);
        SweepProcess first = cluster.Silo("first");
        SweepProcess second = cluster.Silo("second");
        await cluster.UntilAsync("some are completed", async () => await cluster.CompletedAsync("many") >= 4);
        await crashing.CrashAndRestartAsync();

        int cut = 0;
        for (int i = 0; i < 5; i++)
        {
            int before = await cluster.CompletedAsync("many");
            await cluster.UntilAsync(
                "some more are completed", async () => await cluster.CompletedAsync("many") is var now && (now >= before + 3 || now == ChaosSpec.ManyTrials));
            cut += await cluster.CutConnectionsAsync();
        }

        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);
        string logs = await ChaosCluster.DrainAsync(first) + await ChaosCluster.DrainAsync(second);
        Assert.True(cut > 0);
        Assert.Contains("trying again in", logs, StringComparison.Ordinal);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
    }

    [Fact]
    public async Task Cluster_WhenTheDatabaseStandsStillForSeveralLeases_LosesNoAttemptAndNoSilo()
    {
        await using var frozen = new PostgresServer();
        await using var cluster = new ChaosCluster(frozen);

        // Long ones too, or the first silo may have done all before the second has joined.
        await cluster.LaunchAsync(ChaosSpec.Long);
        await cluster.LaunchAsync(ChaosSpec.Many);
        SweepProcess first = cluster.Silo("first");
        SweepProcess second = cluster.Silo("second");
        await cluster.UntilAsync("both are at work", async () => await cluster.HeldAsync("first") > 0 && await cluster.HeldAsync("second") > 0);
        int held = await cluster.HeldAsync("first") + await cluster.HeldAsync("second");
        await frozen.FreezeAsync();
        await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);

        // One that starts meanwhile waits for it, as those that run do.
        SweepProcess late = cluster.Silo("late");
        await cluster.UntilAsync("it waits", () => Task.FromResult(late.ErrorSoFar.Contains("; trying again in", StringComparison.Ordinal)));
        await frozen.ThawAsync();

        await cluster.UntilDoneAsync("long", ChaosSpec.FewTrials);
        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);
        Assert.InRange(held, 2, 4);
        Assert.Equal((0, 0), (await cluster.EndedAsync("first", AttemptOutcome.Lost), await cluster.EndedAsync("second", AttemptOutcome.Lost)));
        string logs = await ChaosCluster.DrainAsync(first) + await ChaosCluster.DrainAsync(second);
        Assert.DoesNotContain("declared this silo dead", logs, StringComparison.Ordinal);
        await cluster.UntilJoinedAsync(late);
        await ChaosCluster.DrainAsync(late);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
    }

    [Fact]
    public async Task Silo_WhenItsDiskIsFull_WaitsAndLosesNoTrial()
    {
        if (SmallDisk.Missing() is { } missing)
            Assert.Skip(missing);
        await using var cluster = new ChaosCluster(server);
        await cluster.LaunchAsync(ChaosSpec.Many);
        var disk = new SmallDisk();
        SweepProcess cramped = cluster.SiloOnSmallDisk("cramped", disk);
        await cluster.UntilAsync("some are completed", async () => await cluster.CompletedAsync("many") >= 4);
        await cluster.UntilAsync("a trial could not write", async () =>
        {
            disk.Fill(cramped);
            return await cluster.EndedAsync("cramped", AttemptOutcome.Failed, "AND a.message LIKE 'artifacts of trial%'") > 0;
        });

        // Nothing is leased while it is full: the silo gives back what it has, and no more trials fail.
        await cluster.UntilAsync("the silo holds nothing", async () => await cluster.HeldAsync("cramped") == 0);
        int done = await cluster.CompletedAsync("many");
        disk.Free(cramped);
        await cluster.UntilDoneAsync("many", ChaosSpec.ManyTrials);

        Assert.InRange(await cluster.EndedAsync("cramped", AttemptOutcome.Failed), 1, 4);
        Assert.True(done < ChaosSpec.ManyTrials, "the disk was never full in time");
        Assert.Contains("no trial is leased until they can", await ChaosCluster.DrainAsync(cramped), StringComparison.Ordinal);
        await cluster.AssertWholeAsync("many", ChaosSpec.ManyTrials, undisturbed);
    }
}
