using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics.Racing;

/// <summary>What a race can find, held against what is known of a single look.</summary>
public sealed class RaceOutlookTests
{
    [Fact]
    public void Of_WhenThereIsOneLook_IsThePlainTestsPower()
    {
        double smallest = SmallestEffect.Of(8, 30)!.Value;
        LookOutlook only = Assert.Single(RaceOutlook.Of(new LookPlan([8]), 30, [smallest, 0]));
        Assert.Equal((8, smallest), (only.Seeds, only.SmallestEffect));

        // 2,000 races: four standard errors of 0.9 points about 0.8; at no effect a false call in 600.
        Assert.InRange(only.Called[0], 0.764, 0.836);
        Assert.InRange(only.Called[1], 0, 0.006);
    }

    [Fact]
    public void Of_WhenThereAreLooks_AsksMoreOfEachAndFindsMoreWithEach()
    {
        IReadOnlyList<LookOutlook> outlook = RaceOutlook.Of(new LookPlan([5, 8, 12, 20]), 30, [1.5, 3]);
        Assert.Equal([5, 8, 12, 20], outlook.Select(l => l.Seeds));
        foreach ((LookOutlook before, LookOutlook now) in outlook.Zip(outlook.Skip(1)))
        {
            Assert.True(now.SmallestEffect < before.SmallestEffect);
            Assert.All(before.Called.Zip(now.Called), p => Assert.True(p.First <= p.Second));
        }

        Assert.All(outlook, l => Assert.True(l.SmallestEffect > SmallestEffect.Of(l.Seeds, 30)));
        Assert.All(outlook, l => Assert.True(l.Called[0] <= l.Called[1]));
        Assert.True(outlook[^1].Called[0] > 0.9);

        // The weight of the last look is 20/45: what it calls alone it calls with 0.8.
        double last = outlook[^1].SmallestEffect;
        Assert.True(RaceOutlook.Of(new LookPlan([5, 8, 12, 20]), 30, [last])[^1].Called[0] >= 0.764);
    }

    [Fact]
    public void Of_WhenAskedAgain_IsTheSame()
    {
        LookPlan plan = new([5, 8]);
        Assert.Equal(RaceOutlook.Of(plan, 6, [2]).Select(l => l.Called[0]), RaceOutlook.Of(plan, 6, [2]).Select(l => l.Called[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RaceOutlook.Of(plan, 0, [2]));
    }
}
