using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class WorkConformance
{
    [Fact]
    public async Task LeaseAsync_WhenATrialFailedHere_LetsAnotherLivingSiloTryIt()
    {
        await Submit(2);
        await LeaseMany(0, "good");
        await Fail(await LeaseOne("bad"));

        Assert.Equal(1, (await LeaseOne("bad")).Trial.Seed);
        Assert.Empty(await LeaseMany(1, "bad"));
        Assert.Equal(0, (await LeaseOne("good")).Trial.Seed);
    }

    [Fact]
    public async Task LeaseAsync_WhenNoOtherSiloTakesAFailedTrial_GivesItBackInTheEnd()
    {
        await Submit(1);
        await LeaseMany(0, "good");
        await Fail(await LeaseOne("bad"));
        Assert.Empty(await LeaseMany(1, "bad"));

        Store.Advance(TimeSpan.FromSeconds(61));

        // "good" hasn't been seen for two lease durations.
        await LeaseOne("bad");
    }

    [Fact]
    public async Task LeaseAsync_WhenTheOtherSiloNeverTakesIt_DoesNotWaitForEver()
    {
        await Submit(1);
        await LeaseMany(0, "good");
        await Fail(await LeaseOne("bad"));
        for (int i = 0; i < 4; i++)
        {
            Store.Advance(TimeSpan.FromSeconds(29));
            await LeaseMany(0, "good");
            Assert.Empty(await LeaseMany(1, "bad"));
        }

        Store.Advance(TimeSpan.FromSeconds(4));
        await LeaseOne("bad");
    }

    [Fact]
    public async Task LeaseAsync_WhenTheOnlyOtherSiloIsQuarantined_DoesNotWaitForIt()
    {
        await Submit(8);
        await LeaseMany(0, "good");
        for (int i = 0; i < 5; i++)
            await Fail(await LeaseOne("bad"));
        await Complete(await LeaseOne("good"));
        Assert.Empty(await LeaseMany(1, "bad"));
        Lease lease = await LeaseOne("good");
        await Fail(lease);

        Assert.Equal(lease.Trial.Seed, (await LeaseOne("good")).Trial.Seed);
    }

    [Fact]
    public async Task Quarantine_WhenDifferentTrialsFailHereAndOneCompletesElsewhere_StopsTheSiloAndRefunds()
    {
        await Submit(8);
        await LeaseMany(0, "good");
        for (int i = 0; i < 4; i++)
            await Fail(await LeaseOne("bad"));
        Lease proof = await LeaseOne("good");
        await Complete(proof);
        Assert.Null(await QuarantinedSince("bad"));

        Lease last = await LeaseOne("bad");
        Lease held = await LeaseOne("bad");
        await Fail(last);

        Assert.Equal(Store.Now, await QuarantinedSince("bad"));
        Assert.Empty(await LeaseMany(1, "bad"));
        for (int i = 1; i < 5; i++)
        {
            AttemptRecord attempt = Assert.Single((await Detail(i)).Attempts);
            Assert.Equal((AttemptOutcome.Failed, false), (attempt.Outcome, attempt.Charged));
        }

        // Whatever it reports from now on is recorded and not charged either.
        await Fail(held);
        Assert.False((await Detail(5)).Attempts[0].Charged);
        await AssertCounts(queued: 7, completed: 1);
        SiloSummary silo = (await Reader.SilosAsync(None)).Single(silo => silo.Id == "bad");
        Assert.Equal((6, 0, 0), (silo.Failed, silo.Completed, silo.Running));
        Assert.Contains(proof.Trial.Id, silo.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quarantine_WhenTheSiloHadFailedTrialsForGood_QueuesThemAgain()
    {
        await Submit(6);

        // Alone, it fails three trials for good and two once.
        for (int i = 0; i < 11; i++)
            await Fail(await LeaseOne("bad"));
        await Fail((await LeaseMany(2, "bad"))[1]);
        await AssertCounts(queued: 2, running: 1, failed: 3);
        Store.Advance(Past);

        Lease lease = await LeaseOne("good");
        Assert.Equal(3, lease.Trial.Seed);
        await Complete(lease);

        Assert.NotNull(await QuarantinedSince("bad"));
        await AssertCounts(queued: 5, completed: 1);
        Assert.All((await Detail(0)).Attempts, attempt => Assert.False(attempt.Charged));
    }

    [Fact]
    public async Task Quarantine_WhenEveryTrialFailsEverywhere_StopsNobody()
    {
        await Submit(12);
        for (int i = 0; i < 100; i++)
        {
            foreach (string silo in (string[])["a", "b"])
            {
                foreach (Lease lease in await LeaseMany(1, silo))
                    await Fail(lease);
            }
        }

        await AssertCounts(failed: 12);
        Assert.All(await Reader.SilosAsync(None), silo => Assert.Null(silo.Quarantined));
    }

    [Fact]
    public async Task Quarantine_WhenTheSiloCompletesNowAndThen_DoesNotStopIt()
    {
        await Submit(12);
        await LeaseMany(0, "good");
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 4; i++)
                await Fail(await LeaseOne("patchy"));
            await Complete(await LeaseOne("patchy"));
        }

        for (int i = 0; i < 8; i++)
            await Complete(await LeaseOne("good"));
        Assert.Null(await QuarantinedSince("patchy"));
    }

    [Fact]
    public async Task UnquarantineAsync_WhenQuarantined_LetsTheSiloLeaseWithACleanRecord()
    {
        await Submit(8);
        await LeaseMany(0, "good");
        for (int i = 0; i < 5; i++)
            await Fail(await LeaseOne("bad"));
        await Complete(await LeaseOne("good"));
        Assert.NotNull(await QuarantinedSince("bad"));

        Assert.True(await Coordinator.UnquarantineAsync("bad", None));

        Assert.False(await Coordinator.UnquarantineAsync("bad", None));
        Assert.Null(await QuarantinedSince("bad"));
        Lease lease = await LeaseOne("bad");
        await Fail(lease);
        Assert.Null(await QuarantinedSince("bad"));
        Assert.True((await Detail((int)lease.Trial.Seed)).Attempts[^1].Charged);
    }

    private async Task<DateTimeOffset?> QuarantinedSince(string silo) =>
        (await Reader.SilosAsync(None)).Single(row => row.Id == silo).Quarantined;
}
