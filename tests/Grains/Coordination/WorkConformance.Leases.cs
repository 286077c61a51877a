using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class WorkConformance
{
    [Fact]
    public async Task LeaseAsync_WhenCostsDiffer_GivesTheLongestFirstThenSpecOrder()
    {
        double[] costs = [1, 5, 3, 5, 0];
        await Coordinator.SubmitAsync(_sweep, costs.Select((cost, i) => new PlannedTrial(Samples.Trial(i), cost)), None);

        Lease[] first = await LeaseMany(3);
        Lease[] rest = await LeaseMany(10);

        Assert.Equal([1, 3, 2, 0, 4], first.Concat(rest).Select(lease => lease.Trial.Seed));
        Assert.Empty(await LeaseMany(1));
        await AssertCounts(running: 5);
    }

    [Fact]
    public async Task LeaseAsync_WhenSeveralSweepsWait_GivesThemEqualSharesLongestFirst()
    {
        await Coordinator.SubmitAsync(_sweep, [new(Samples.Trial(0), 2), new(Samples.Trial(1), 9), new(Samples.Trial(2), 8), new(Samples.Trial(3), 7)], None);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), [new(Samples.Trial(0), 3), new(Samples.Trial(1), 2)], None);

        Lease[] leases = await LeaseMany(6);

        string other = Samples.Sweep("other").Id;
        Assert.Equal(
            [(_sweep.Id, 1L), (other, 0L), (_sweep.Id, 2L), (other, 1L), (_sweep.Id, 3L), (_sweep.Id, 0L)],
                leases.Select(lease => (lease.SweepId, lease.Trial.Seed)));
    }

    [Fact]
    public async Task LeaseAsync_WhenASmallSweepComesLater_GetsItsShareAsSlotsBecomeFree()
    {
        await Coordinator.SubmitAsync(_sweep, Samples.Trials(30).Select(t => t with { EstimatedCost = 9 }), None);
        Lease[] running = await LeaseMany(4);
        string other = Samples.Sweep("other").Id;
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(4), None);

        List<string> next = [];
        foreach (Lease lease in running)
        {
            CompletedAndLeased both = await Coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 1), None);
            next.Add(Assert.Single(both.Leases).SweepId);
        }

        // Two slots each; from then on a slot goes back to the sweep that it was taken from.
        Assert.Equal([other, other, _sweep.Id, _sweep.Id], next);
    }

    [Fact]
    public async Task PauseAsync_WhenSlotsAreFree_GivesTheOtherSweepAll()
    {
        await Submit(4);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(4), None);
        Lease mine = await LeaseOne();
        await Coordinator.PauseAsync(_sweep.Id, None);

        CompletedAndLeased both = await Coordinator.CompleteAndLeaseAsync([new FinishedTrial(mine, Samples.Result())], new LeaseRequest("a", 9), None);

        Assert.Equal(4, both.Leases.Count);
        Assert.All(both.Leases, lease => Assert.Equal(Samples.Sweep("other").Id, lease.SweepId));
        await Coordinator.ResumeAsync(_sweep.Id, None);
        Assert.All(await LeaseMany(9), lease => Assert.Equal(_sweep.Id, lease.SweepId));
    }

    [Fact]
    public async Task LeaseAsync_WhenRestrictedToASweep_GivesNoOther()
    {
        await Submit(2);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), [new(Samples.Trial(0), 9)], None);

        IReadOnlyList<Lease> leases = await Coordinator.LeaseAsync(new LeaseRequest("a", 5) { SweepId = _sweep.Id }, None);

        Assert.Equal([_sweep.Id, _sweep.Id], leases.Select(lease => lease.SweepId));
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenRestrictedToAnotherSweep_GivesNoneOfThisOne()
    {
        await Submit(3);
        Lease lease = await LeaseOne();
        string other = Samples.Sweep("other").Id;

        CompletedAndLeased none =
            await Coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 1) { SweepId = other }, None);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1), None);
        lease = await LeaseOne();
        CompletedAndLeased one =
            await Coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 2) { SweepId = other }, None);

        Assert.Empty(none.Leases);
        Assert.DoesNotContain(one.Leases, l => l.SweepId != other);
    }

    [Fact]
    public async Task LeaseAsync_WhenATrialNeedsWhatTheSiloLacks_LeavesItForOneThatHasIt()
    {
        SiloFacts with = new("cpu", 2, Abilities.Torch), without = with with { Offers = Abilities.None };
        await Coordinator.SubmitAsync(
            _sweep,
            [new(Samples.Trial(0), 5) { Needs = Abilities.Torch }, new(Samples.Trial(1), 4), new(Samples.Trial(2), 3),
                new(Samples.Trial(3), 2) { Needs = Abilities.Torch }],
            None);

        Lease first = Assert.Single(await Coordinator.LeaseAsync(new LeaseRequest("a", 1) { About = without }, None));
        CompletedAndLeased next =
            await Coordinator.CompleteAndLeaseAsync([new FinishedTrial(first, Samples.Result())], new LeaseRequest("a", 3) { About = without }, None);
        IReadOnlyList<Lease> unsaid = await Coordinator.LeaseAsync(new LeaseRequest("b", 3), None);
        SweepSummary before = Assert.Single(await Reader.ListAsync(None));
        IReadOnlyList<Lease> rest = await Coordinator.LeaseAsync(new LeaseRequest("c", 1) { About = with }, None);
        SweepSummary after = Assert.Single(await Reader.ListAsync(None));

        Assert.Equal([1, 2], [first.Trial.Seed, Assert.Single(next.Leases).Trial.Seed]);
        Assert.Empty(unsaid);
        Assert.Equal((2, Abilities.Torch), (before.Unserved, before.Lacking));
        Assert.Equal(0, Assert.Single(rest).Trial.Seed);
        Assert.Equal((1, 0, Abilities.None), (after.Queued, after.Unserved, after.Lacking));
    }

    [Fact]
    public async Task LeaseAsync_WhenGiven_CarriesTheWholeTrialAndItsExpiry()
    {
        await Submit(1);

        Lease lease = await LeaseOne();

        Assert.Equal(StoredText(Samples.Trial(0)), StoredText(lease.Trial));
        Assert.Equal((1, Store.Now + TimeSpan.FromSeconds(30)), (lease.Attempt, lease.Expires));
    }

    [Fact]
    public async Task LeaseAsync_WhenALeaseHasExpired_GivesItAgainWithAHigherToken()
    {
        await Submit(1);
        Lease first = await LeaseOne();
        Assert.Empty(await LeaseMany(1, "b"));

        Store.Advance(TimeSpan.FromSeconds(30));
        Lease second = await LeaseOne("b");

        Assert.True(second.FencingToken > first.FencingToken);
        Assert.Equal(2, second.Attempt);
        TrialDetail detail = await Detail(0);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Running], detail.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(["a", "b"], detail.Attempts.Select(attempt => attempt.Silo));
        Assert.Equal(first.Expires, detail.Attempts[0].Ended);
    }

    [Fact]
    public async Task LeaseAsync_WhenLostManyTimes_DoesNotSpendTheBudget()
    {
        await Submit(1);
        for (int i = 0; i < 10; i++)
        {
            await LeaseOne();
            Store.Advance(Past);
        }

        Assert.Equal(11, (await LeaseOne()).Attempt);
    }

    [Fact]
    public async Task LeaseAsync_WhenLostToTheBound_FailsForGoodUntilRetried()
    {
        await Submit(1);
        for (int i = 0; i < new CoordinatorOptions().LostAttempts; i++)
        {
            await LeaseOne($"silo-{i}");
            Store.Advance(Past);
        }

        Assert.Empty(await LeaseMany(1));
        await AssertCounts(failed: 1);
        Assert.Contains("12 times in a row", (await Detail(0)).Summary.Message, StringComparison.Ordinal);

        Assert.Equal(1, await Coordinator.RetryAsync(_sweep.Id, null, None));
        await LeaseOne();
        Store.Advance(Past);
        Assert.Equal(14, (await LeaseOne()).Attempt);
    }

    [Fact]
    public async Task LeaseAsync_WhenTrialsWereLostOften_GivesASiloOneOfThemAtATime()
    {
        await Submit(4);
        for (int i = 0; i < new CoordinatorOptions().SuspectAfterLosses; i++)
        {
            Assert.Equal([0L, 1L], (await LeaseMany(2)).Select(lease => lease.Trial.Seed));
            Store.Advance(Past);
        }

        Assert.Equal([2L, 3L, 0L], (await LeaseMany(9)).Select(lease => lease.Trial.Seed));
        Assert.Empty(await LeaseMany(9));
        Lease second = Assert.Single(await LeaseMany(9, "b"));
        Assert.Equal(1, second.Trial.Seed);
        await Complete(second);
    }

    [Fact]
    public async Task WaitForWorkAsync_WhenTrialsAreQueued_ReturnsAtOnce()
    {
        Assert.Empty(await LeaseMany(1));
        Task wait = Coordinator.WaitForWorkAsync(TimeSpan.FromMinutes(5), None);
        await Submit(1);
        await wait.WaitAsync(TimeSpan.FromSeconds(30));

        // Queued between the empty answer and the wait.
        Lease lease = await LeaseOne();
        Assert.Empty(await LeaseMany(1));
        await Coordinator.ReleaseAsync(lease, AttemptOutcome.Preempted, None);
        await Coordinator.WaitForWorkAsync(TimeSpan.FromMinutes(5), None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WaitForWorkAsync_WhenNothingComes_ReturnsInTimeOrWhenCancelled()
    {
        Assert.Empty(await LeaseMany(1));
        await Coordinator.WaitForWorkAsync(TimeSpan.FromMilliseconds(20), None).WaitAsync(TimeSpan.FromSeconds(30));
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Coordinator.WaitForWorkAsync(TimeSpan.FromMinutes(5), cancel.Token));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenInTime_RenewsAndShowsProgress()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        for (int i = 0; i < 5; i++)
        {
            Store.Advance(TimeSpan.FromSeconds(29));
            Assert.Equal(HeartbeatAnswer.Renewed, await Beat(lease));
        }

        Assert.Empty(await LeaseMany(1, "b"));
        TrialSummary summary = (await Detail(0)).Summary;
        Assert.Equal((TrialStatus.Running, "train", 0.5, "a"), (summary.State, summary.Phase, summary.Fraction, summary.Silo));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenExpiredAndNobodyHasTakenIt_RenewsIt()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        Store.Advance(Past);

        Assert.Equal(HeartbeatAnswer.Renewed, await Beat(lease));

        Assert.Empty(await LeaseMany(1, "b"));
        Assert.Equal(ReportAnswer.Accepted, await Complete(lease));
        Assert.Equal([AttemptOutcome.Completed], (await Detail(0)).Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenExpiredAndTaken_AnswersLostAndRenewsNothing()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        Store.Advance(TimeSpan.FromSeconds(30));

        Lease other = await LeaseOne("b");
        Assert.Equal(2, other.Attempt);
        Assert.Equal(HeartbeatAnswer.Lost, await Beat(lease));
        Store.Advance(Past);
        Assert.Equal(HeartbeatAnswer.Lost, await Beat(lease));
        Assert.Equal(ReportAnswer.Accepted, await Complete(other));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenAnotherSilos_AnswersLost()
    {
        await Submit(1);
        Assert.Equal(HeartbeatAnswer.Lost, await Beat(await LeaseOne(), "b"));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenSeveral_AnswersInOrder()
    {
        await Submit(3);
        Lease[] leases = await LeaseMany(3);
        await Complete(leases[1]);

        IReadOnlyList<HeartbeatAnswer> answers = await Coordinator.HeartbeatAsync(
            "a",
            [.. leases.Reverse().Append(leases[0] with { SweepId = "none" })
                .Select(lease => new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "train", 0.1, double.NaN))],
            None);

        Assert.Equal([HeartbeatAnswer.Renewed, HeartbeatAnswer.Lost, HeartbeatAnswer.Renewed, HeartbeatAnswer.Lost], answers);
    }

    [Fact]
    public async Task ReclaimAsync_WhenThePrefixFits_TakesBackThoseLeasesOnly()
    {
        await Submit(3);
        Lease mine = await LeaseOne("embedded-1-x");
        await LeaseOne("embedded-1-y");
        Lease other = await LeaseOne("embedded-2");

        Assert.Equal(2, await Coordinator.ReclaimAsync("embedded-1", None));

        await AssertCounts(queued: 2, running: 1);
        Assert.Equal(ReportAnswer.Stale, await Complete(mine));
        Assert.Equal(ReportAnswer.Accepted, await Complete(other));
        Assert.Equal(AttemptOutcome.Lost, (await Detail(0)).Attempts[0].Outcome);
        Assert.Equal(0, await Coordinator.ReclaimAsync("embedded-1", None));
    }

    [Fact]
    public async Task ReclaimAsync_WhenATrialKeepsKillingItsProcess_LetsTheOthersGoFirstAndFailsItForGood()
    {
        var limits = new CoordinatorOptions();
        await Submit(3);
        for (int i = 0; i < limits.SuspectAfterLosses; i++)
        {
            Assert.Equal(0, (await LeaseOne("embedded/1")).Trial.Seed);
            await Coordinator.ReclaimAsync("embedded/", None);
        }

        for (int seed = 1; seed < 3; seed++)
        {
            Lease other = await LeaseOne("embedded/1");
            Assert.Equal(seed, other.Trial.Seed);
            await Complete(other);
        }

        for (int i = limits.SuspectAfterLosses; i < limits.LostAttempts; i++)
        {
            Assert.Equal(0, (await LeaseOne("embedded/1")).Trial.Seed);
            await Coordinator.ReclaimAsync("embedded/", None);
        }

        Assert.Empty(await LeaseMany(1, "embedded/1"));
        await AssertCounts(completed: 2, failed: 1);
        Assert.Contains("12 times in a row", (await Detail(0)).Summary.Message, StringComparison.Ordinal);
    }

    private static string StoredText(Sweep.Grains.Specs.TrialSpec trial) => System.Text.Json.JsonSerializer.Serialize(trial);
}
