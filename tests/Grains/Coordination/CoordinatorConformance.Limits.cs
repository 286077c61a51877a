using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class CoordinatorConformance
{
    [Fact]
    public async Task LeaseAsync_WhenSlotsAreLimited_GivesNoMoreUntilOneIsFree()
    {
        SweepSpec limited = _sweep with { Limits = new SweepLimits { Slots = 2 } };
        await Coordinator.SubmitAsync(limited, Samples.Trials(5), None);

        Lease[] running = await LeaseMany(4);
        Assert.Equal(2, running.Length);
        Assert.Empty(await LeaseMany(1, "b"));
        Assert.Single((await CompleteAndLease(running[0], 3)).Leases);

        // Given to another sweep while this one has all it may have; a changed limit counts at once.
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(3), None);
        CompletedAndLeased both = await CompleteAndLease(running[1], 3);
        Assert.Equal([limited.Id, Samples.Sweep("other").Id, Samples.Sweep("other").Id], both.Leases.Select(l => l.SweepId).Order(InSpecOrder(limited.Id)));
        await Coordinator.SubmitAsync(Resolved(limited with { Limits = new SweepLimits { Slots = 3 } }), Samples.Trials(5), None);
        Assert.Single(await LeaseUntilSome(limited.Id));
        await AssertCounts(running: 3, completed: 2);
    }

    [Fact]
    public async Task LeaseAsync_WhenPrioritiesDiffer_GivesSlotsInProportion()
    {
        SweepSpec dear = Samples.Sweep("other") with { Limits = new SweepLimits { Priority = 3 } };
        await Submit(20);
        await Coordinator.SubmitAsync(dear, Samples.Trials(20), None);

        Lease[] running = await LeaseMany(8);
        Assert.Equal(6, running.Count(l => l.SweepId == dear.Id));

        // Also where a sweep's grain leases by itself.
        List<Lease> now = [.. running];
        foreach (Lease lease in running)
        {
            now.Remove(lease);
            now.AddRange((await CompleteAndLease(lease, 1)).Leases);
            Assert.InRange(now.Count(l => l.SweepId == dear.Id), 5, 7);
        }

        Assert.Equal(6, now.Count(l => l.SweepId == dear.Id));
    }

    [Fact]
    public async Task FailAsync_WhenSoManyHaveFailedAsTheSpecAllows_PausesTheSweepAndSaysWhy()
    {
        SweepSpec limited = _sweep with { Limits = new SweepLimits { Failed = 2 } };
        await Coordinator.SubmitAsync(limited, Samples.Trials(6), None);

        Lease[] running = await LeaseMany(4);
        await FailForGood(running[0]);
        Assert.Null((await Summary()).Stopped);
        await FailForGood(running[1]);

        SweepSummary stopped = await Summary();
        Assert.Equal((true, "2 trials failed (limits.failed: 2)"), (stopped.Paused, stopped.Stopped));
        Assert.Empty(await LeaseMany(9));
        Assert.Equal(HeartbeatAnswer.Paused, await Beat(running[2]));
        await Complete(running[2]);
        await AssertCounts(queued: 2, running: 1, completed: 1, failed: 2);

        // It goes on when an operator says so, until the next one fails.
        await Coordinator.ResumeAsync(_sweep.Id, None);
        Assert.Null((await Summary()).Stopped);
        Assert.Equal(HeartbeatAnswer.Renewed, await Beat(running[3]));
        await Complete(await LeaseOne());
        Assert.False((await Summary()).Paused);
        await FailForGood(running[3]);
        Assert.Equal("3 trials failed (limits.failed: 2)", (await Summary()).Stopped);

        // Also when nothing stands in the way any more: a higher limit, or the failed ones queued again.
        SweepSpec higher = Resolved(limited with { Limits = new SweepLimits { Failed = 3 } });
        await Coordinator.SubmitAsync(higher, Samples.Trials(6), None);
        Assert.True((await Summary()).Paused);
        await Coordinator.SubmitAsync(Resolved(higher with { Limits = new SweepLimits { Failed = 4 } }), Samples.Trials(6), None);
        Lease next = (await LeaseUntilSome(_sweep.Id))[0];
        Assert.Equal((false, null), ((await Summary()).Paused, (await Summary()).Stopped));
        await FailForGood(next);
        Assert.True((await Summary()).Paused);
        await Coordinator.RetryAsync(_sweep.Id, null, None);
        Assert.Equal((false, null), ((await Summary()).Paused, (await Summary()).Stopped));
        Assert.NotEmpty(await LeaseUntilSome(_sweep.Id));
        await Coordinator.PauseAsync(_sweep.Id, None);
        await Coordinator.RetryAsync(_sweep.Id, null, None);
        Assert.True((await Summary()).Paused);
    }

    private static SweepSpec Resolved(SweepSpec spec) => spec with
    {
        Resolved = new System.Text.Json.Nodes.JsonObject
        {
            ["limits"] = new System.Text.Json.Nodes.JsonObject { ["slots"] = spec.Limits.Slots, ["failed"] = spec.Limits.Failed },
        },
    };

    private static Comparer<string> InSpecOrder(string first) =>
        Comparer<string>.Create((a, b) => a == b ? 0 : a == first ? -1 : b == first ? 1 : string.CompareOrdinal(a, b));

    private Task<CompletedAndLeased> CompleteAndLease(Lease lease, int most) =>
        Coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", most), None);

    /// <summary>Its grain hears of what another process has changed.</summary>
    private async Task<Lease[]> LeaseUntilSome(string sweep)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            if (await Coordinator.LeaseAsync(new LeaseRequest("a", 9) { SweepId = sweep }, None) is { Count: > 0 } leases)
                return [.. leases];
            await Task.Delay(50);
        }

        return [];
    }

    private Task<ReportAnswer> FailForGood(Lease lease) =>
        Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, "no such file") { MustRepeat = true }, None);
}
