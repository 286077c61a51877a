using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class VpLinearTests : ScheduleConformance
{
    protected override ISchedule Schedule => new VpLinear();

    /// <summary>alpha-bar of 100 betas linear from 1e-3 to 0.2, computed with NumPy in float64.</summary>
    [Theory]
    [InlineData(0, 0.999)]
    [InlineData(9, 0.9038131959233792)]
    [InlineData(49, 0.07419699671742)]
    [InlineData(79, 0.0011055878713830333)]
    [InlineData(99, 2.039008975564078e-05)]
    public void NativeGrid_WhenHundredSteps_HasTheChainsAlphaBar(int forwardIndex, double alphaBar)
    {
        NoiseLevel level = Schedule.NativeGrid(100)[99 - forwardIndex];
        Assert.Equal(alphaBar, level.Signal * level.Signal, alphaBar * Tolerances.ReferenceRelative);
        Assert.Equal(1 - alphaBar, level.Noise * level.Noise, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void NativeGrid_WhenStepsAreTooFew_SaysHowManyAreNeeded()
    {
        var error = Assert.Throws<KindException>(() => Schedule.NativeGrid(20));
        Assert.Contains("20 steps on its native grid; allowed: more than beta_max steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_WhenAnyTime_PreservesVariance()
    {
        for (int i = 0; i <= 100; i++)
        {
            NoiseLevel level = Schedule.At(i / 100.0);
            Assert.Equal(1, (level.Signal * level.Signal) + (level.Noise * level.Noise), Tolerances.ReferenceRelative);
        }
    }
}
