using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>
/// Reference values computed with SciPy 1.10.1: <c>2 * stats.t.sf(abs(t), df)</c> and <c>stats.t.isf(alpha / 2, df)</c>; for 2.5 degrees of freedom
/// with mpmath at 30 digits, because SciPy's isf is off by 7e-10 there.
/// </summary>
public sealed class StudentTTests
{
    [Theory]
    [InlineData(2.5, 2, 0.1296117202215108)]
    [InlineData(49, 2, 0.00041623310856254563)]
    [InlineData(-3.2, 4, 0.03290081060093896)]
    [InlineData(0.1, 1, 0.9365489651388929)]
    [InlineData(1e4, 3, 2.2053155022958127e-12)]
    [InlineData(0, 5, 1)]
    [InlineData(2.2, 3.7, 0.09815039439052217)]
    [InlineData(1.96, double.PositiveInfinity, 0.04999579029644087)]
    public void TwoSidedP_WhenGivenStatistic_AgreesWithSciPy(double t, double df, double expected) =>
        Near.Relative(expected, StudentT.TwoSidedP(t, df));

    [Theory]
    [InlineData(0.05, 1, 12.706204736432102)]
    [InlineData(0.05, 2, 4.3026527299112765)]
    [InlineData(0.05, 4, 2.7764451051977996)]
    [InlineData(0.05, 29, 2.0452296421327034)]
    [InlineData(0.01, 2.5, 7.163728138948786)]
    public void Critical_WhenGivenAlpha_AgreesWithSciPy(double alpha, double df, double expected) =>
        Near.Relative(expected, StudentT.Critical(alpha, df));

    [Fact]
    public void TwoSidedP_WhenDegreesOfFreedomAreNotPositive_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSidedP(1, 0));

    [Fact]
    public void Critical_WhenAlphaIsOne_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Critical(1, 2));
}
