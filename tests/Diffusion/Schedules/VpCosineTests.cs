using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class VpCosineTests : ScheduleConformance
{
    protected override ISchedule Schedule => new VpCosine();

    [Fact]
    public void NativeGrid_WhenThousandSteps_FollowsTheCosine()
    {
        // alpha-bar(1/2) = cos^2(pi/2 (0.5 + 0.008)/1.008) / cos^2(pi/2 0.008/1.008).
        double expected = Math.Pow(Math.Cos(0.5 * Math.PI * 0.508 / 1.008) / Math.Cos(0.5 * Math.PI * 0.008 / 1.008), 2);
        NoiseLevel level = Schedule.NativeGrid(1000)[500];
        Assert.Equal(expected, level.Signal * level.Signal, Tolerances.ReferenceRelative);
    }
}
