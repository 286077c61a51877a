using Sweep.Grains.Comparison.Report;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(1.4437, 1.38, 1.5074, "1.444 [1.380, 1.507]")]
    [InlineData(-0.0001, -0.02, 0.0198, "0.000 [-0.020, 0.020]")]
    [InlineData(-1234.5, -1300.0, -1169.0, "-1234 [-1300, -1169]")]
    [InlineData(96.0, 96.0, 96.0, "96")]
    [InlineData(43527779.0, 41367364.0, 45688194.0, "4.35e7 [4.14e7, 4.57e7]")]
    [InlineData(-2e6, -4.1e6, 1e5, "-2.0e6 [-4.1e6, 1.0e5]")]
    [InlineData(229188.0, -5.2e7, 5.22e7, "2.3e5 [-5.2e7, 5.2e7]")]
    [InlineData(9.999e6, 9.998e6, 1e7, "1.00e7 [1.00e7, 1.00e7]")]
    public void Interval_WhenGivenEnds_ShowsTwoDigitsOfTheHalfWidth(double mean, double low, double high, string expected) =>
        Assert.Equal(expected, Figures.Interval(mean, low, high));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(99.0, "99")]
    [InlineData(0.38912, "0.389")]
    [InlineData(-2.3034, "-2.30")]
    [InlineData(-999999.4, "-999999")]
    [InlineData(250566462.0, "2.51e8")]
    public void Number_WhenGivenAValue_KeepsThreeDigitsOrTheWholeNumber(double value, string expected) => Assert.Equal(expected, Figures.Number(value));

    [Theory]
    [InlineData(0.3121, 1.312, "0.31 to 1.31")]
    [InlineData(0.0, 0.0, "0")]
    [InlineData(1.001, 1.002, "1.00")]
    [InlineData(8320040.0, 250566462.0, "8.32e6 to 2.51e8")]
    public void Range_WhenBothReadTheSame_IsOneNumber(double low, double high, string expected) => Assert.Equal(expected, Figures.Range(low, high));

    [Theory]
    [InlineData(0.0786, "0.079")]
    [InlineData(0.0701, "0.071")]
    [InlineData(0.07, "0.07")]
    [InlineData(0.3, "0.3")]
    [InlineData(12.1, "13")]
    [InlineData(0.0, "0")]
    public void AtMost_WhenGivenAValue_NeverRoundsDown(double value, string expected) => Assert.Equal(expected, Figures.AtMost(value));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.00001, "<0.0001")]
    [InlineData(0.0421, "0.0421")]
    public void P_WhenTiny_ClaimsNoDigits(double? p, string expected) => Assert.Equal(expected, Figures.P(p));
}
