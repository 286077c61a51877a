using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;
using Xunit;

namespace Sweep.Tests.Grains.Trials;

public sealed class TrialStateTests
{
    private const long Silo = 7;
    private const long Now = 1_000_000;

    private static readonly CoordinatorOptions Limits = new();

    private static readonly TrialState Leased = new TrialState().Lease(Silo, Now, Limits);

    /// <summary>Every combination of what has been used of the budgets, up to the limits.</summary>
    private static IEnumerable<TrialState> AllRunning =>
        from failures in Enumerable.Range(0, Limits.RetryBudget + 1)
        from memory in Enumerable.Range(0, Limits.OutOfMemoryAttempts)
        from losses in Enumerable.Range(0, Limits.LostAttempts)
        from cancelling in new[] { false, true }
        select Leased with
        {
            Attempts = 1 + failures + memory + losses, Failures = failures, MemoryFailures = memory, Losses = losses, Cancelling = cancelling,
        };

    [Fact]
    public void Lease_WhenQueued_GivesTheNextTokenUntilTheLeaseExpires()
    {
        TrialState again = Leased.Release(AttemptOutcome.Preempted, Now).Trial.Lease(8, Now + 5, Limits);

        Assert.Equal((TrialStatus.Running, 1, Silo, Now + 30_000), (Leased.Status, Leased.Attempts, Leased.Silo!.Value, Leased.Expires!.Value));
        Assert.Equal((2, 8L, Now + 30_005), (again.Attempts, again.Silo!.Value, again.Expires!.Value));
    }

    [Theory]
    [InlineData(TrialStatus.Running)]
    [InlineData(TrialStatus.Completed)]
    [InlineData(TrialStatus.Failed)]
    [InlineData(TrialStatus.Cancelled)]
    public void Lease_WhenNotQueued_IsRefused(TrialStatus status) =>
        Assert.Contains(
            $"status: {status}",
            Assert.Throws<InvalidOperationException>(() => new TrialState { Status = status }.Lease(1, 0, Limits)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(TrialStatus.Queued)]
    [InlineData(TrialStatus.Completed)]
    [InlineData(TrialStatus.Failed)]
    [InlineData(TrialStatus.Cancelled)]
    public void Ends_WhenNotRunning_AreRefused(TrialStatus status)
    {
        var state = new TrialState { Status = status };
        Action[] ends =
        [
            () => state.Complete(0),
            () => state.Fail(AttemptOutcome.Failed, "", true, 0, Limits),
            () => state.Fail(AttemptOutcome.OutOfMemory, "", false, 0, Limits),
            () => state.Release(AttemptOutcome.Preempted, 0), () => state.Reclaim(0, Limits), () => state.Expire(Limits), () => state.Renew(0, Limits),
            () => state.Revoke(0),
        ];
        Assert.All(ends, end => Assert.Throws<InvalidOperationException>(end));
    }

    [Theory]
    [InlineData(Silo, 1, 29_999, true)]
    [InlineData(Silo, 1, 30_000, true)]
    [InlineData(Silo, 2, 0, false)]
    [InlineData(Silo, 0, 0, false)]
    [InlineData(8, 1, 0, false)]
    public void IsHeld_ByTokenAndHolder_IsExactAndOutlivesTheLease(long silo, long token, long later, bool held)
    {
        Assert.Equal(held, Leased.IsHeld(silo, token));
        Assert.Equal(later >= 30_000, Leased.HasExpired(Now + later));
    }

    private static IEnumerable<TrialState> All => AllRunning.Concat(
        from used in AllRunning where !used.Cancelling
        from status in Enum.GetValues<TrialStatus>() where status != TrialStatus.Running
        select used with { Status = status, Silo = null, Expires = null, FailedOn = 3, FailedAt = Now });

    [Fact]
    public void Cancel_OfAnyState_EndsWhatWaitsMarksWhatRunsAndLeavesTheRest() => Assert.All(All, state => Assert.Equal(
        state.Status switch
        {
            TrialStatus.Queued or TrialStatus.Held => state with { Status = TrialStatus.Cancelled },
            TrialStatus.Running => state with { Cancelling = true },
            _ => state,
        },
        state.Cancel()));

    [Fact]
    public void Retry_OfAnyState_QueuesWithAFreshBudgetWhatFailedOrWasCancelled() => Assert.All(All, state => Assert.Equal(
        state.Status switch
        {
            TrialStatus.Failed or TrialStatus.Cancelled => new TrialState { Attempts = state.Attempts, Message = state.Message },
            TrialStatus.Running => state with { Cancelling = false },
            _ => state,
        },
        state.Retry()));

    [Fact]
    public void Retry_WhenItsRaceHasNotComeToIt_HoldsAgainWhatFailedOrWasCancelled() => Assert.All(All, state => Assert.Equal(
        state.Status is TrialStatus.Failed or TrialStatus.Cancelled ? state.Retry() with { Status = TrialStatus.Held } : state.Retry(),
        state.Retry(held: true)));

    [Fact]
    public void Discard_OfAnyState_QueuesWithAFreshBudgetWhatCompleted() => Assert.All(All, state => Assert.Equal(
        state.Status == TrialStatus.Completed ? new TrialState { Attempts = state.Attempts, Message = state.Message } : state, state.Discard()));

    [Fact]
    public void IsHeld_AfterAnyEnd_IsFalse() => Assert.All(
        new[] { Leased.Complete(Now), Leased.Fail(AttemptOutcome.Failed, "", true, Now, Limits), Leased.Release(AttemptOutcome.Cancelled, Now),
            Leased.Expire(Limits), Leased.Reclaim(Now, Limits) },
        end => Assert.False(end.Trial.IsHeld(Silo, 1)));

    [Fact]
    public void Fail_WhenItStoodStill_CountsAsALossAndIsBounded()
    {
        TrialState state = Leased;
        for (int i = 1; i < Limits.LostAttempts; i++)
        {
            AttemptEnd end = state.Fail(AttemptOutcome.Stalled, "no progress for 61 s", charge: false, Now, Limits);
            Assert.Equal((TrialStatus.Queued, i, 0, AttemptOutcome.Stalled, false),
                (end.Trial.Status, end.Trial.Losses, end.Trial.Failures, end.Outcome, end.Charged));
            Assert.Equal(i >= Limits.SuspectAfterLosses, end.Trial.IsSuspect(Limits));
            state = end.Trial.Lease(Silo, Now, Limits);
        }

        TrialState last = state.Fail(AttemptOutcome.Stalled, "no progress for 61 s", charge: false, Now, Limits).Trial;
        Assert.Equal((TrialStatus.Failed, "no progress for 61 s"), (last.Status, last.Message));
    }

    [Fact]
    public void Revoke_WhenItsSiloWasDeclaredDead_EndsTheLeaseNowAndLetsItsHolderRenewIt()
    {
        TrialState revoked = Leased.Revoke(Now + 5);
        Assert.True(revoked.HasExpired(Now + 5));
        Assert.False(Leased.HasExpired(Now + 5));
        Assert.True(revoked.IsHeld(Silo, 1));
        Assert.False(revoked.Renew(Now + 6, Limits).HasExpired(Now + 7));
        Assert.Equal((TrialStatus.Queued, 1), (revoked.Expire(Limits).Trial.Status, revoked.Expire(Limits).Trial.Losses));

        // Later than its own end it changes nothing.
        Assert.Equal(Leased, Leased.Revoke(Now + 60_000));
    }

    [Theory]
    [InlineData(false, false, HeartbeatAnswer.Renewed)]
    [InlineData(false, true, HeartbeatAnswer.Paused)]
    [InlineData(true, false, HeartbeatAnswer.Cancelled)]
    [InlineData(true, true, HeartbeatAnswer.Cancelled)]
    public void Answer_WhenCancellingOrPaused_SaysWhichWeighsMore(bool cancelling, bool paused, HeartbeatAnswer answer) =>
        Assert.Equal(answer, (Leased with { Cancelling = cancelling }).Answer(paused));

    [Fact]
    public void Ends_FromEveryState_LeaveNoLeaseAndNoSecondToken()
    {
        foreach (TrialState running in AllRunning)
        {
            AttemptEnd[] ends =
            [
                running.Complete(Now),
                running.Fail(AttemptOutcome.Failed, "NaN", true, Now, Limits),
                running.Fail(AttemptOutcome.Failed, "NaN", false, Now, Limits),
                running.Fail(AttemptOutcome.OutOfMemory, "full", true, Now, Limits),
                running.Release(AttemptOutcome.Preempted, Now),
                running.Release(AttemptOutcome.Cancelled, Now),
                running.Expire(Limits), running.Reclaim(Now, Limits),
            ];
            Assert.All(ends, end =>
            {
                Assert.Equal((running.Attempts, null, null, false), (end.Trial.Attempts, end.Trial.Silo, end.Trial.Expires, end.Trial.Cancelling));
                Assert.NotEqual(TrialStatus.Running, end.Trial.Status);
                Assert.Equal(end.Outcome == AttemptOutcome.Completed, end.Trial.Status == TrialStatus.Completed);

                // A cancelled trial is cancelled however its attempt ends, unless the result is there; and nothing else is.
                if (end.Outcome != AttemptOutcome.Completed)
                    Assert.Equal(running.Cancelling, end.Trial.Status == TrialStatus.Cancelled);
            });
        }
    }

    [Fact]
    public void Fail_FromEveryState_SpendsTheBudgetOfItsCauseAlone()
    {
        foreach (TrialState running in AllRunning)
        {
            AttemptEnd failed = running.Fail(AttemptOutcome.Failed, "NaN", true, Now, Limits);
            AttemptEnd excused = running.Fail(AttemptOutcome.Failed, "NaN", false, Now, Limits);
            AttemptEnd memory = running.Fail(AttemptOutcome.OutOfMemory, "full", true, Now, Limits);

            Assert.Equal((running.Failures + 1, 0, 0, true), (failed.Trial.Failures, failed.Trial.MemoryFailures, failed.Trial.Losses, failed.Charged));
            Assert.Equal((running.Failures, 0, 0, false), (excused.Trial.Failures, excused.Trial.MemoryFailures, excused.Trial.Losses, excused.Charged));
            Assert.Equal(
                (running.Failures, running.MemoryFailures + 1, 0, false),
                (memory.Trial.Failures, memory.Trial.MemoryFailures, memory.Trial.Losses, memory.Charged));
            Assert.Equal((Silo, Now, "NaN"), (failed.Trial.FailedOn!.Value, failed.Trial.FailedAt!.Value, failed.Trial.Message));
            Assert.Equal((running.FailedOn, "full"), (memory.Trial.FailedOn, memory.Trial.Message));
            if (running.Cancelling)
                continue;
            Assert.Equal(running.Failures == Limits.RetryBudget, failed.Trial.Status == TrialStatus.Failed);
            Assert.Equal(TrialStatus.Queued, excused.Trial.Status);
            Assert.Equal(running.MemoryFailures == Limits.OutOfMemoryAttempts - 1, memory.Trial.Status == TrialStatus.Failed);
        }
    }

    [Fact]
    public void Expire_FromEveryState_CountsLossesInARowUpToTheBound()
    {
        foreach (TrialState running in AllRunning)
        {
            AttemptEnd lost = running.Expire(Limits);
            Assert.Equal((AttemptOutcome.Lost, running.Expires!.Value, running.Losses + 1), (lost.Outcome, lost.Ended, lost.Trial.Losses));
            Assert.Equal((running.Failures, running.MemoryFailures), (lost.Trial.Failures, lost.Trial.MemoryFailures));
            Assert.Equal(!running.Cancelling && running.Losses == Limits.LostAttempts - 1, lost.Trial.Status == TrialStatus.Failed);
            Assert.Equal(lost.Trial.Losses >= Limits.SuspectAfterLosses, lost.Trial.IsSuspect(Limits));

            AttemptEnd reclaimed = running.Reclaim(Now, Limits);
            Assert.Equal((lost.Trial, Now), (reclaimed.Trial, reclaimed.Ended));
            Assert.Equal((AttemptOutcome.Lost, "the silo is gone"), (reclaimed.Outcome, reclaimed.Message));
        }
    }

    [Fact]
    public void Expire_AtTheBound_SaysWhatTheTrialSeemsToDo() =>
        Assert.Contains("12 times in a row", (Leased with { Losses = 11 }).Expire(Limits).Trial.Message, StringComparison.Ordinal);

    [Fact]
    public void Fail_WhenItMustRepeat_IsForGoodAtOnceUnlessTheSiloIsAtFault()
    {
        TrialState charged = Leased.Fail(AttemptOutcome.Failed, "", true, Now, Limits, mustRepeat: true).Trial;
        Assert.Equal((TrialStatus.Failed, 1), (charged.Status, charged.Failures));
        Assert.Equal(TrialStatus.Queued, Leased.Fail(AttemptOutcome.Failed, "", false, Now, Limits, mustRepeat: true).Trial.Status);

        // The silo turns out to be at fault after all.
        Assert.Equal((TrialStatus.Queued, 0), (charged.Refund(Limits, last: true).Status, charged.Refund(Limits, last: true).Failures));
        Assert.Equal(TrialStatus.Failed, charged.Refund(Limits).Status);
    }

    [Fact]
    public void Refund_WhenThatFailureFailedIt_QueuesItAgain()
    {
        TrialState failed = (Leased with { Failures = Limits.RetryBudget }).Fail(AttemptOutcome.Failed, "", true, Now, Limits).Trial;
        TrialState once = failed.Refund(Limits), twice = once.Refund(Limits);

        Assert.Equal((TrialStatus.Failed, TrialStatus.Queued, TrialStatus.Queued), (failed.Status, once.Status, twice.Status));
        Assert.Equal((Limits.RetryBudget, Limits.RetryBudget - 1), (once.Failures, twice.Failures));
    }

    [Fact]
    public void Refund_WhenItFailedForAnotherReason_LeavesItFailed()
    {
        // Out of memory for good, with one charged failure.
        TrialState spent = Leased with { Failures = 1, MemoryFailures = Limits.OutOfMemoryAttempts - 1 };
        TrialState failed = spent.Fail(AttemptOutcome.OutOfMemory, "", false, Now, Limits).Trial;
        Assert.Equal((TrialStatus.Failed, 0), (failed.Refund(Limits).Status, failed.Refund(Limits).Failures));
        TrialState done = (Leased with { Failures = 1 }).Complete(Now).Trial;
        Assert.Equal(TrialStatus.Completed, done.Refund(Limits).Status);
    }

    [Theory]
    [InlineData(null, AttemptOutcome.Completed, ReportAnswer.Stale)]
    [InlineData(AttemptOutcome.Lost, AttemptOutcome.Completed, ReportAnswer.Stale)]
    [InlineData(AttemptOutcome.Completed, AttemptOutcome.Failed, ReportAnswer.Stale)]
    [InlineData(AttemptOutcome.Completed, AttemptOutcome.Completed, ReportAnswer.Accepted)]
    [InlineData(AttemptOutcome.Failed, AttemptOutcome.Failed, ReportAnswer.Accepted)]
    public void Again_WhenTheLeaseNoLongerStands_AcceptsOnlyTheSameReport(AttemptOutcome? recorded, AttemptOutcome reported, ReportAnswer answer) =>
        Assert.Equal(answer, TrialState.Again(recorded, reported));

    [Theory]
    [InlineData(AttemptOutcome.Completed)]
    [InlineData(AttemptOutcome.Lost)]
    [InlineData(AttemptOutcome.Preempted)]
    public void Fail_WhenTheCauseIsNone_IsRefused(AttemptOutcome cause) =>
        Assert.Contains($"cause: {cause}", Assert.Throws<ArgumentException>(() => Leased.Fail(cause, "", true, Now, Limits)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Now - 1, true)]
    [InlineData(Now, false)]
    [InlineData(long.MaxValue, false)]
    public void IsKeptFrom_WhereItFailed_UntilOthersHaveHadTheirTime(long failedSince, bool kept)
    {
        TrialState failed = Leased.Fail(AttemptOutcome.Failed, "", true, Now, Limits).Trial;
        Assert.Equal(kept, failed.IsKeptFrom(Silo, failedSince));
        Assert.False(failed.IsKeptFrom(8, failedSince));
    }

    /// <summary>Whatever befalls it, in whatever order: it ends, tokens only grow, and no cause spends another's budget.</summary>
    [Fact]
    public void Decisions_InAnyOrder_EndWithinTheBudgets()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Dice(seed);
            var state = new TrialState();
            int charged = 0, ends = 0;
            long now = Now;
            while (state.Status == TrialStatus.Queued)
            {
                TrialState running = state.Lease(random.Next(3), now, Limits);
                Assert.Equal(state.Attempts + 1, running.Attempts);
                if (random.Next(40) == 0)
                    running = running with { Cancelling = true };
                now += random.Next(40_000);
                AttemptEnd end = running.HasExpired(now) ? running.Expire(Limits) : random.Next(6) switch
                {
                    0 => running.Fail(AttemptOutcome.Failed, "", random.Next(2) == 0, now, Limits),
                    1 or 2 => running.Fail(AttemptOutcome.OutOfMemory, "", false, now, Limits),
                    3 when random.Next(30) == 0 => running.Complete(now),
                    _ => running.Renew(now, Limits).Expire(Limits),
                };
                charged += end.Charged ? 1 : 0;
                Assert.InRange(++ends, 1, 5000);
                state = end.Trial;
                Assert.Equal(charged, state.Failures);
            }

            Assert.InRange(charged, 0, Limits.RetryBudget + 1);
            if (state.Status == TrialStatus.Failed)
                Assert.True(charged > Limits.RetryBudget || state.MemoryFailures == Limits.OutOfMemoryAttempts || state.Losses == Limits.LostAttempts);
        }
    }
}
