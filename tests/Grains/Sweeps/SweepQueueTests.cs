using Sweep.Grains.Coordination;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;
using Xunit;

namespace Sweep.Tests.Grains.Sweeps;

public sealed class SweepQueueTests
{
    private const long Now = 1_000_000;

    private static readonly CoordinatorOptions Limits = new();
    private static readonly TrialState Queued = new(), Suspect = new() { Attempts = 3, Losses = 3 };

    [Fact]
    public void Best_WhenCostsDiffer_GivesTheLongestFirstThenSpecOrder()
    {
        SweepQueue queue = Filled([(1, 1), (2, 5), (3, 3), (4, 5), (5, 0)]);
        Assert.Equal([2, 4, 3], Take(queue, new SiloRequest(1, 3)));
        Assert.Equal([1, 5], Take(queue, new SiloRequest(1, 9)));
        Assert.Empty(Take(queue, new SiloRequest(1, 9)));
        Assert.Equal((0, 5), (queue.Queued, queue.Running));
    }

    [Fact]
    public void Best_WhenATrialNeedsWhatTheSiloLacks_PassesOverIt()
    {
        var queue = new SweepQueue(1, Limits);
        queue.Fill([(new SweepTrial(1, "1", 1, 5, needs: 1), Queued), (new SweepTrial(2, "2", 2, 4, needs: 3), Queued),
            (new SweepTrial(3, "3", 3, 3, needs: 0), Queued)]);
        Assert.Equal([3], Keys(queue.Best(new SiloRequest(1, 9))));
        Assert.Equal([1, 3], Keys(queue.Best(new SiloRequest(1, 9) { Offers = 1 })));
        Assert.Equal([1, 2, 3], Keys(queue.Best(new SiloRequest(1, 9) { Offers = 7 })));
    }

    [Fact]
    public void Best_WhenATrialHasJustFailedThere_LeavesItToOthers()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4)]);
        queue.Set(Trial(1, 5), Queued with { FailedOn = 7, FailedAt = Now });
        Assert.Equal([2], Keys(queue.Best(new SiloRequest(7, 9) { FailedSince = Now - 1 })));
        Assert.Equal([1, 2], Keys(queue.Best(new SiloRequest(7, 9) { FailedSince = Now })));
        Assert.Equal([1, 2], Keys(queue.Best(new SiloRequest(8, 9) { FailedSince = Now - 1 })));
    }

    [Fact]
    public void Best_WhenSeveralMayKillSilos_GivesASiloOneAtATime()
    {
        var queue = new SweepQueue(1, Limits);
        queue.Fill([(Trial(1, 5), Suspect), (Trial(2, 4), Suspect), (Trial(3, 3), Queued)]);
        Assert.Equal([3], Keys(queue.Best(new SiloRequest(1, 9) { HoldsSuspect = true })));
        Assert.Equal([3, 1], Take(queue, new SiloRequest(1, 9)));
        Assert.True(queue.HoldsSuspect(1));
        Assert.False(queue.HoldsSuspect(2));
        Assert.Empty(Take(queue, new SiloRequest(1, 9)));
        Assert.Equal([2], Take(queue, new SiloRequest(2, 9)));
    }

    [Fact]
    public void Best_WhenPaused_GivesNothingByAnyWay()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4)]);
        queue.Terms = new(Paused: true);
        Assert.Empty(queue.Best(new SiloRequest(1, 9)));
        Assert.Empty(queue.Next(new SiloRequest(1, 9), null));
        Assert.Empty(queue.Named(["1"]));
        queue.Terms = new(Paused: false);
        Assert.Equal([2, 1], Keys(queue.Named(["2", "1", "none"])));
    }

    [Fact]
    public void Best_WhenSlotsAreLimited_GivesThatManyByAnyWay()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4), (3, 3), (4, 2)]);
        queue.Terms = new(Paused: false, Slots: 3);
        Assert.Equal([1], Take(queue, new SiloRequest(1, 1)));
        Assert.Equal([2, 3], Keys(queue.Best(new SiloRequest(2, 9))));
        Assert.Equal([2, 3], Keys(queue.Next(new SiloRequest(2, 9), null)));
        Assert.Empty(queue.Next(new SiloRequest(2, 9), new SweepTurn(2, 5, 9)));
        Assert.Equal([4, 3], Keys(queue.Named(["4", "3", "2"])));
        Assert.Equal([2, 3], Take(queue, new SiloRequest(2, 9)));
        Assert.Empty(queue.Best(new SiloRequest(3, 1)));
        Assert.Empty(queue.Next(new SiloRequest(3, 1), null));
        Assert.Empty(queue.Named(["4"]));
    }

    [Fact]
    public void Next_WhenItsPriorityIsHigher_KeepsMoreSlots()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4), (3, 3)]);
        queue.Terms = new(Paused: false, Priority: 2);
        Take(queue, new SiloRequest(1, 1));
        Assert.Equal([2], Keys(queue.Next(new SiloRequest(1, 1), new SweepTurn(2, 1, 9))));
        Assert.Empty(queue.Next(new SiloRequest(1, 1), new SweepTurn(2, 1, 9, Priority: 4)));
    }

    [Fact]
    public void Next_WhenAnotherSweepHasFewerSlots_LeavesTheSlotToIt()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4), (3, 3)]);
        Assert.Equal([1, 2], Keys(queue.Next(new SiloRequest(1, 2), null)));
        Take(queue, new SiloRequest(1, 1));
        Assert.Empty(queue.Next(new SiloRequest(1, 1), new SweepTurn(2, 0, 1)));
        Assert.Empty(queue.Next(new SiloRequest(1, 1), new SweepTurn(2, 1, 9)));
        Assert.Equal([2], Keys(queue.Next(new SiloRequest(1, 1), new SweepTurn(2, 1, 1))));
        Assert.Empty(queue.Next(new SiloRequest(1, 2), new SweepTurn(2, 1, 1)));
        Assert.Equal([2, 3], Keys(queue.Next(new SiloRequest(1, 2), new SweepTurn(2, 5, 9))));
        Assert.Empty(queue.Next(new SiloRequest(1, 3), new SweepTurn(2, 5, 9)));
        Assert.Equal([2, 3], Keys(queue.Next(new SiloRequest(1, 3), null)));
    }

    [Theory]
    [InlineData("suspect")]
    [InlineData("failed here")]
    public void Next_WhenSomethingIsUnusual_DecidesNothing(string what)
    {
        SweepQueue queue = Filled([(1, 5), (2, 4)]);
        queue.Set(Trial(1, 5), what == "suspect" ? Suspect : Queued with { FailedOn = 1, FailedAt = 0 });
        Assert.Empty(queue.Next(new SiloRequest(1, 2), null));
    }

    [Fact]
    public void Held_AfterLeaseRenewAndEnd_FollowsTheTrial()
    {
        SweepQueue queue = Filled([(1, 5)]);
        Assert.Null(queue.Held("1", 1, 1));
        Take(queue, new SiloRequest(1, 1));
        SweepTrial trial = queue.Held("1", 1, 1)!;
        queue.Renew(trial, Now + 20_000);
        Assert.NotNull(queue.Held("1", 1, 1));
        Assert.Null(queue.Held("1", 1, 2));
        Assert.Null(queue.Held("1", 2, 1));
        queue.Cancelling(trial, true);
        queue.End(trial, trial.State.Release(AttemptOutcome.Cancelled, Now));
        Assert.Null(queue.Held("1", 1, 1));
        Assert.Equal((0, 0), (queue.Queued, queue.Running));
    }

    [Fact]
    public void End_WhenTheTrialGoesBack_QueuesItInItsPlace()
    {
        SweepQueue queue = Filled([(1, 5), (2, 4)]);
        Take(queue, new SiloRequest(1, 1));
        SweepTrial trial = queue.Held("1", 1, 1)!;
        queue.End(trial, trial.State.Expire(Limits));
        Assert.Equal((2, 0), (queue.Queued, queue.Running));
        Assert.Equal([1, 2], Take(queue, new SiloRequest(2, 9)));
        Assert.NotNull(queue.Held("1", 2, 2));
    }

    /// <summary>Against a list that is sorted for every request: any trials, any silos, leases that end in any way.</summary>
    [Fact]
    public void Best_AgainstASortedList_GivesTheSame()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Dice(seed);
            List<SweepTrial> all = [.. Enumerable.Range(0, 30).Select(i => new SweepTrial(i, $"t{i}", i, random.Next(6), random.Next(3)))];
            var queue = new SweepQueue(1, Limits);
            queue.Fill(all.Select(t => (t, Queued with { Losses = random.Next(8) == 0 ? 3 : 0, FailedOn = random.Next(4), FailedAt = random.Next(4) })));
            for (int step = 0; step < 40; step++)
            {
                SiloRequest request = new(random.Next(4), random.Next(1, 5)) { Offers = random.Next(4), FailedSince = random.Next(4) };
                bool holds = all.Exists(t => t.State.Status == TrialStatus.Running && t.State.Silo == request.Silo && t.State.Losses >= 3);
                List<long> expected = [];
                foreach (SweepTrial trial in all.Where(t => t.State.Status == TrialStatus.Queued).OrderBy(t => t.State.Losses >= 3)
                    .ThenByDescending(t => t.Cost).ThenBy(t => t.Ordinal))
                {
                    if (expected.Count == request.MaxTrials)
                        break;
                    if ((trial.Needs & ~request.Offers) != 0 || (trial.State.FailedOn == request.Silo && trial.State.FailedAt > request.FailedSince)
                        || (trial.State.Losses >= 3 && holds))
                        continue;
                    holds |= trial.State.Losses >= 3;
                    expected.Add(trial.Key);
                }

                Assert.Equal(expected, Take(queue, request).Select(k => (long)k));
                foreach (SweepTrial trial in all.Where(t => t.State.Status == TrialStatus.Running && random.Next(3) == 0))
                    queue.End(trial, random.Next(4) == 0 ? trial.State.Complete(Now) : trial.State.Expire(Limits));
                Assert.Equal(all.Count(t => t.State.Status == TrialStatus.Queued), queue.Queued);
                Assert.Equal(all.Count(t => t.State.Status == TrialStatus.Running), queue.Running);
            }
        }
    }

    private static SweepQueue Filled((int Key, double Cost)[] trials)
    {
        var queue = new SweepQueue(1, Limits);
        queue.Fill(trials.Select(t => (Trial(t.Key, t.Cost), Queued)));
        return queue;
    }

    private static SweepTrial Trial(int key, double cost) => new(key, $"{key}", key, cost, 0);

    private static int[] Take(SweepQueue queue, SiloRequest request)
    {
        List<SweepTrial> best = queue.Best(request);
        best.ForEach(t => queue.Lease(t, request.Silo, Now));
        return [.. best.Select(t => (int)t.Key)];
    }

    private static int[] Keys(IEnumerable<SweepTrial> trials) => [.. trials.Select(t => (int)t.Key)];
}
