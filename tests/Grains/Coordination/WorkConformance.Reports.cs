using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class WorkConformance
{
    [Fact]
    public async Task CompleteAsync_WhenLeased_StoresTheResultBitForBit()
    {
        await Submit(2);
        Lease lease = await LeaseOne();

        Assert.Equal(ReportAnswer.Accepted, await Complete(lease));

        TrialResult expected = Samples.Result();
        TrialDetail detail = await Detail(0);
        Assert.Equal(TrialStatus.Completed, detail.Summary.State);
        Assert.Equal(expected.Metrics, detail.Result!.Metrics);
        Assert.Equal(expected.Metrics, detail.Summary.Metrics);
        Assert.Equal(expected.Curves.Keys.Order(), detail.Result.Curves.Keys.Order());
        foreach ((string name, float[] curve) in expected.Curves)
            Assert.Equal(curve.Select(BitConverter.SingleToUInt32Bits), detail.Result.Curves[name].Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(("cpu", string.Join('|', expected.Notes)), (detail.Result.Device, string.Join('|', detail.Result.Notes)));
        Assert.Equal(AttemptOutcome.Completed, Assert.Single(detail.Attempts).Outcome);
        await AssertCounts(queued: 1, completed: 1);
    }

    [Fact]
    public async Task FailAsync_WhenItMustRepeat_FailsTheTrialAtOnce()
    {
        await Submit(2);
        Lease lease = await LeaseOne();

        Assert.Equal(ReportAnswer.Accepted,
            await Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, "a constant column") { MustRepeat = true }, None));

        await AssertCounts(queued: 1, failed: 1);
        Assert.Equal(1, await Coordinator.RetryAsync(_sweep.Id, null, None));
        await AssertCounts(queued: 2);
    }

    [Fact]
    public async Task CompleteAsync_WhenRepeated_IsAcceptedAndStoredOnce()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        await Coordinator.CompleteAsync(lease, Samples.Result(-1), None);

        Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(lease, Samples.Result(-2), None));

        Assert.Equal(-1, (await Detail(0)).Result!.Metrics["log_likelihood"].Value);
        await AssertCounts(completed: 1);
    }

    [Fact]
    public async Task CompleteAsync_WhenExpiredAndNobodyHasTakenIt_IsAccepted()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        Store.Advance(Past);

        Assert.Equal(ReportAnswer.Accepted, await Complete(lease));
        await AssertCounts(completed: 1);
        Assert.Equal([AttemptOutcome.Completed], (await Detail(0)).Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task CompleteAsync_WhenTaken_IsStaleAndChangesNothing()
    {
        await Submit(1);
        Lease old = await LeaseOne();
        Store.Advance(Past);
        Lease current = await LeaseOne("b");

        Assert.Equal(ReportAnswer.Stale, await Complete(old));
        Assert.Equal(ReportAnswer.Stale, await Fail(old));
        Assert.Equal(ReportAnswer.Stale, await Coordinator.ReleaseAsync(old, AttemptOutcome.Preempted, None));

        Assert.Null((await Detail(0)).Result);
        await AssertCounts(running: 1);
        Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(current, Samples.Result(-7), None));
        Assert.Equal(ReportAnswer.Stale, await Complete(old));
        Assert.Equal(-7, (await Detail(0)).Result!.Metrics["log_likelihood"].Value);
    }

    [Fact]
    public async Task CompleteAsync_WhenTheTrialIsUnknown_IsStale()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        Assert.Equal(ReportAnswer.Stale, await Complete(lease with { Trial = Samples.Trial(99) }));
        Assert.Equal(ReportAnswer.Stale, await Complete(lease with { SweepId = "none" }));
    }

    [Theory]
    [InlineData(double.NaN, null, null)]
    [InlineData(1.0, double.PositiveInfinity, null)]
    [InlineData(null, null, null)]
    public async Task CompleteAsync_WhenAMetricIsInvalid_ThrowsAndKeepsTheLease(double? value, double? truthLevel, string? reason)
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        TrialResult result = Samples.Result() with
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["m"] = new(value, truthLevel, reason) },
        };

        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.CompleteAsync(lease, result, None));

        Assert.Equal(ReportAnswer.Accepted, await Complete(lease));
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenSomeAreStale_AnswersInOrderAndLeasesOn()
    {
        await Submit(6);
        Lease[] held = await LeaseMany(3);
        Lease unknown = held[1] with { FencingToken = 99 };

        CompletedAndLeased both = await Coordinator.CompleteAndLeaseAsync(
            [new(held[2], Samples.Result(-2)), new(unknown, Samples.Result(-1)), new(held[0], Samples.Result(0))], new LeaseRequest("a", 2), None);

        Assert.Equal([ReportAnswer.Accepted, ReportAnswer.Stale, ReportAnswer.Accepted], both.Answers);
        Assert.Equal([3, 4], both.Leases.Select(lease => lease.Trial.Seed));
        await AssertCounts(queued: 1, running: 3, completed: 2);
        Assert.Equal((-2, 0), ((await Detail(2)).Result!.Metrics["log_likelihood"].Value, (await Detail(0)).Result!.Metrics["log_likelihood"].Value));

        // A reply that was lost: the same again.
        both = await Coordinator.CompleteAndLeaseAsync([new(held[2], Samples.Result(-9))], new LeaseRequest("a", 5), None);
        Assert.Equal([ReportAnswer.Accepted], both.Answers);
        Assert.Equal([5], both.Leases.Select(lease => lease.Trial.Seed));
        Assert.Equal(-2, (await Detail(2)).Result!.Metrics["log_likelihood"].Value);
        Assert.Equal(2, Assert.Single(await Reader.SilosAsync(None)).Completed);
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenAMetricIsInvalid_ThrowsAndKeepsTheLeases()
    {
        await Submit(3);
        Lease[] held = await LeaseMany(2);
        TrialResult invalid = Samples.Result() with
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["m"] = new(double.NaN, null) },
        };

        await Assert.ThrowsAsync<ArgumentException>(
            () => Coordinator.CompleteAndLeaseAsync([new(held[0], invalid), new(held[1], Samples.Result())], new LeaseRequest("a", 1), None));

        await AssertCounts(queued: 1, running: 2);
    }

    [Fact]
    public async Task FailAsync_WhenTheBudgetIsSpent_FailsForGood()
    {
        await Submit(1);
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            Lease lease = await LeaseOne();
            Assert.Equal(attempt, lease.Attempt);
            Assert.Equal(ReportAnswer.Accepted, await Fail(lease));
            Assert.Equal(ReportAnswer.Accepted, await Fail(lease));
        }

        Assert.Empty(await LeaseMany(1));
        await AssertCounts(failed: 1);
        TrialDetail detail = await Detail(0);
        Assert.Equal("loss is NaN at step 12", detail.Summary.Message);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Failed, AttemptOutcome.Failed], detail.Attempts.Select(attempt => attempt.Outcome));
        Assert.All(detail.Attempts, attempt => Assert.True(attempt.Charged));
    }

    [Fact]
    public async Task FailAsync_WhenOutOfMemory_IsBoundedApartFromTheBudget()
    {
        await Submit(1);
        for (int i = 0; i < 2; i++)
            await Fail(await LeaseOne());
        for (int i = 0; i < 7; i++)
        {
            await Fail(await LeaseOne(), AttemptOutcome.OutOfMemory);
            await AssertCounts(queued: 1);
        }

        await Fail(await LeaseOne(), AttemptOutcome.OutOfMemory);

        await AssertCounts(failed: 1);
        Assert.Equal(AttemptOutcome.OutOfMemory, (await Detail(0)).Attempts[^1].Outcome);
    }

    [Theory]
    [InlineData(AttemptOutcome.Completed)]
    [InlineData(AttemptOutcome.Lost)]
    [InlineData(AttemptOutcome.Preempted)]
    public async Task FailAsync_WhenTheCauseIsNoFailure_Throws(AttemptOutcome cause)
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        await Assert.ThrowsAsync<ArgumentException>(() => Fail(lease, cause));
    }

    [Fact]
    public async Task ReleaseAsync_WhenPreempted_QueuesAgainWithoutCharge()
    {
        await Submit(1);
        for (int i = 0; i < 5; i++)
            Assert.Equal(ReportAnswer.Accepted, await Coordinator.ReleaseAsync(await LeaseOne(), AttemptOutcome.Preempted, None));

        await AssertCounts(queued: 1);
        Assert.All((await Detail(0)).Attempts, attempt => Assert.Equal((AttemptOutcome.Preempted, false), (attempt.Outcome, attempt.Charged)));
    }

    [Fact]
    public async Task ReleaseAsync_WhenCancelledWithoutBeingAsked_QueuesAgain()
    {
        await Submit(1);
        await Coordinator.ReleaseAsync(await LeaseOne(), AttemptOutcome.Cancelled, None);
        await AssertCounts(queued: 1);
    }
}
