using Sweep.Grains.Sweeps;
using Xunit;

namespace Sweep.Tests.Grains.Sweeps;

public sealed class SweepTurnsTests
{
    [Fact]
    public void Next_WhenOneSweepHasFewerSlots_GivesItTheNextUntilTheyHaveEqualShares()
    {
        List<(int Head, int Trial)> next = SweepTurns.Next([Head(1, 5, 9, 9, 9, 9), Head(2, 2, 1, 1, 1, 1, 1)], 6, holdsSuspect: false);
        Assert.Equal([1, 1, 1, 0, 1, 0], next.Select(n => n.Head));
    }

    [Fact]
    public void Next_WhenSharesAreEqual_GivesTheLongestThenTheOlderSweeps()
    {
        Assert.Equal([1, 0], SweepTurns.Next([Head(1, 0, 3), Head(2, 0, 4)], 2, false).Select(n => n.Head));
        Assert.Equal([1, 0], SweepTurns.Next([Head(2, 0, 3), Head(1, 0, 3)], 2, false).Select(n => n.Head));
    }

    [Fact]
    public void Next_WhenASweepHasNoMore_GivesTheOthersTheRest()
    {
        List<(int Head, int Trial)> next = SweepTurns.Next([Head(1, 0, 1), Head(2, 9, 5, 4, 3), Head(3, 0)], 9, false);
        Assert.Equal([(0, 0), (1, 0), (1, 1), (1, 2)], next);
    }

    [Fact]
    public void Next_WhenTheSiloHoldsASuspect_PassesOverTheOthers()
    {
        SweepHead<int> head = new(1, 0, 1, [(0, 5, true), (1, 4, false), (2, 3, true), (3, 2, false)]);
        Assert.Equal([1, 3], SweepTurns.Next([head], 9, holdsSuspect: true).Select(n => n.Trial));
        Assert.Equal([0, 1, 3], SweepTurns.Next([head], 9, holdsSuspect: false).Select(n => n.Trial));
        Assert.Equal([(0, 0), (1, 1), (0, 1), (1, 3), (0, 3)], SweepTurns.Next([head, head with { Sweep = 2 }], 9, holdsSuspect: false));
    }

    /// <summary>Slots that become free one by one, of sweeps that never run out: shares differ by one at most once every slot has been free.</summary>
    [Fact]
    public void Next_AsSlotsBecomeFree_TendsToEqualSharesWhateverTheCosts()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Dice(seed);
            int sweeps = random.Next(2, 6), slots = random.Next(sweeps, 40);
            int[] running = new int[sweeps];
            running[random.Next(sweeps)] = slots;
            List<int> owners = [.. running.SelectMany((count, sweep) => Enumerable.Repeat(sweep, count))];
            for (int i = 0; i < slots * 3; i++)
            {
                int slot = i % slots;
                running[owners[slot]]--;
                SweepHead<int>[] heads = [.. running.Select((count, s) => Head(s, count, random.Next(1, 9), random.Next(1, 9)))];
                owners[slot] = Assert.Single(SweepTurns.Next(heads, 1, false)).Head;
                running[owners[slot]]++;
            }

            Assert.InRange(running.Max() - running.Min(), 0, 1);
        }
    }

    [Fact]
    public void Next_AsSlotsBecomeFree_TendsToSharesInProportionToPriorities()
    {
        double[] priorities = [1, 3, 0.5, 2];
        int[] running = [65, 0, 0, 0];
        List<int> owners = [.. Enumerable.Repeat(0, 65)];
        for (int i = 0; i < owners.Count * 3; i++)
        {
            int slot = i % owners.Count;
            running[owners[slot]]--;
            SweepHead<int>[] heads = [.. running.Select((count, s) => Head(s, count, 9 - s) with { Priority = priorities[s] })];
            owners[slot] = Assert.Single(SweepTurns.Next(heads, 1, false)).Head;
            running[owners[slot]]++;
        }

        Assert.Equal([10, 30, 5, 20], running);
    }

    private static SweepHead<int> Head(long sweep, int running, params double[] costs) =>
        new(sweep, running, 1, [.. costs.Select((cost, i) => (i, cost, false))]);
}
