using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

/// <summary>What ISchedule promises, for any implementation.</summary>
public abstract class ScheduleConformance
{
    protected abstract ISchedule Schedule { get; }

    [Fact]
    public void At_WhenTimeGrows_SigmaGrowsStrictly() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000).Two().Where(p => p.Item1 != p.Item2).ToArbitrary(),
            pair =>
            {
                double early = Math.Min(pair.Item1, pair.Item2) / 1e6;
                double late = Math.Max(pair.Item1, pair.Item2) / 1e6;
                return Schedule.At(early).Sigma < Schedule.At(late).Sigma;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_WhenTimeIsInside_SignalIsPositiveAndFinite()
    {
        for (int i = 0; i <= 1000; i++)
        {
            NoiseLevel level = Schedule.At(i / 1000.0);
            Assert.True(level.Signal is > 0 and <= 1, $"signal {level.Signal} at time {i / 1000.0}");
            Assert.True(double.IsFinite(level.Sigma));
        }
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void At_WhenTimeIsOutside_Throws(double time) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.At(time));

    [Fact]
    public void AtSigma_WhenGivenALevelsSigma_IsThatLevel()
    {
        for (int i = 0; i <= 100; i++)
        {
            NoiseLevel level = Schedule.At(i / 100.0);
            NoiseLevel again = Schedule.AtSigma(level.Sigma);
            Assert.Equal(level.Signal, again.Signal, 1e-9 * level.Signal);
            Assert.Equal(level.Noise, again.Noise, 1e-9);
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(1000)]
    public void NativeGrid_WhenAsked_DescendsStrictlyToClean(int steps)
    {
        IReadOnlyList<NoiseLevel> grid = Schedule.NativeGrid(steps);
        Assert.Equal(steps + 1, grid.Count);
        Assert.Equal(NoiseLevel.Clean, grid[^1]);
        for (int k = 1; k < grid.Count; k++)
            Assert.True(grid[k].Sigma < grid[k - 1].Sigma, $"level {k}: {grid[k].Sigma} after {grid[k - 1].Sigma}");
    }
}
