using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

/// <summary>What IGrid promises, for any implementation.</summary>
public abstract class GridConformance
{
    public static TheoryData<ISchedule, int> Cases => new MatrixTheoryData<ISchedule, int>(
        [new VpLinear(), new VpCosine(), new VeGeometric(), new EdmKarras()], [25, 100, 1000]);

    protected abstract IGrid Grid { get; }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Levels_WhenAsked_DescendStrictlyToClean(ISchedule schedule, int steps)
    {
        IReadOnlyList<NoiseLevel> levels = Grid.Levels(schedule, steps);
        Assert.Equal(steps + 1, levels.Count);
        Assert.Equal(NoiseLevel.Clean, levels[^1]);
        for (int k = 1; k < levels.Count; k++)
            Assert.True(levels[k].Sigma < levels[k - 1].Sigma, $"level {k}: {levels[k].Sigma} after {levels[k - 1].Sigma}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Levels_WhenAsked_HaveTheSchedulesScaling(ISchedule schedule, int steps)
    {
        foreach (NoiseLevel level in Grid.Levels(schedule, steps).SkipLast(1))
        {
            NoiseLevel own = schedule.AtSigma(level.Sigma);
            Assert.Equal(own.Signal, level.Signal, 1e-9 * own.Signal);
            Assert.Equal(own.Noise, level.Noise, 1e-9 * own.Noise);
        }
    }

    [Fact]
    public void Levels_WhenThereAreNoSteps_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Grid.Levels(new EdmKarras(), 0));
}
