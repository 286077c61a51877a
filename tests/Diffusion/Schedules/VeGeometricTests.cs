using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class VeGeometricTests : ScheduleConformance
{
    protected override ISchedule Schedule => new VeGeometric();

    /// <summary>numpy.geomspace(80, 0.002, 18), float64.</summary>
    [Theory]
    [InlineData(0, 80)]
    [InlineData(1, 42.89242254953018)]
    [InlineData(9, 0.2928905001857526)]
    [InlineData(17, 0.002)]
    public void NativeGrid_WhenEighteenSteps_IsGeometric(int index, double sigma) =>
        Assert.Equal(sigma, Schedule.NativeGrid(18)[index].Sigma, sigma * Tolerances.ReferenceRelative);
}
