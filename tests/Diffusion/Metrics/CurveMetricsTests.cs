using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class CurveMetricsTests
{
    [Theory]
    [InlineData(new[] { -9.0, -3.0, -1.5, -1.0 }, 2)]
    [InlineData(new[] { -1.0, -3.0, -1.0, -1.0 }, 2)]
    [InlineData(new[] { -1.0, -1.0 }, 0)]
    [InlineData(new[] { -1.0, 5.0 }, null)]
    [InlineData(new[] { -1.0, double.NaN, -2.0 }, 2)]
    [InlineData(new[] { -1.0, double.NegativeInfinity }, null)]
    [InlineData(new double[0], null)]
    public void StepsToThreshold_Of_IsTheFirstStepFromWhichTheCurveStays(double[] curve, int? expected) =>
        Assert.Equal(expected, StepsToThreshold.Of(curve, truthLevelNats: -1));

    [Fact]
    public void StepsToThreshold_WhenExactlyOnTheThreshold_IsWithin() => Assert.Equal(0, StepsToThreshold.Of([-1.5, -0.5], -1, 0.5));

    [Fact]
    public void TotalVariation_Of_AddsTheChanges()
    {
        Assert.Equal(9, TotalVariation.Of([1, 4, 0, 2]));
        Assert.Equal(0, TotalVariation.Of([1]));
        Assert.Equal(double.NaN, TotalVariation.Of([1, double.PositiveInfinity, 2]));
    }

    [Fact]
    public void MeanLogLikelihood_Of_IsTheMean() => Assert.Equal(new MeanLogLikelihood(-2, 0, 3), MeanLogLikelihood.Of([-1, -2, -3]));

    [Fact]
    public void MeanLogLikelihood_WhenSomeAreNotFinite_IsNaNWithTheirCount() =>
        Assert.Equal(new MeanLogLikelihood(double.NaN, 2, 3), MeanLogLikelihood.Of([double.NaN, -2, double.NegativeInfinity]));
}
