using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class EdmKarrasTests : ScheduleConformance
{
    protected override ISchedule Schedule => new EdmKarras();

    /// <summary>Eq. 5 of arXiv 2206.00364 with rho = 7, computed with NumPy in float64.</summary>
    [Theory]
    [InlineData(0, 80)]
    [InlineData(1, 57.58598472124816)]
    [InlineData(5, 12.91008238075732)]
    [InlineData(12, 0.2964422844791572)]
    [InlineData(16, 0.0075280199627840785)]
    [InlineData(17, 0.002)]
    public void NativeGrid_WhenEighteenSteps_HasKarrasLevels(int index, double sigma) =>
        Assert.Equal(sigma, Schedule.NativeGrid(18)[index].Sigma, sigma * Tolerances.ReferenceRelative);
}
