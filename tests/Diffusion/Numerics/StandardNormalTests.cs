using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

public sealed class StandardNormalTests
{
    /// <summary>scipy.special.ndtr, SciPy 1.10.1.</summary>
    [Theory]
    [InlineData(-8.5, 9.47953482220325e-18)]
    [InlineData(-3, 0.0013498980316300933)]
    [InlineData(-0.5, 0.3085375387259869)]
    [InlineData(0, 0.5)]
    [InlineData(1.7, 0.955434537241457)]
    [InlineData(6, 0.9999999990134123)]
    public void Cdf_AtReferencePoints_AgreesRelatively(double x, double expected)
    {
        Assert.Equal(1, StandardNormal.Cdf(x) / expected, Tolerances.ReferenceRelative);
    }

    /// <summary>scipy.special.ndtri, SciPy 1.10.1.</summary>
    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-20, -9.262340089798409)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.3, -0.5244005127080409)]
    [InlineData(0.975, 1.959963984540054)]
    public void Quantile_AtReferencePoints_Agrees(double p, double expected)
    {
        Assert.Equal(1, StandardNormal.Quantile(p) / expected, Tolerances.ReferenceRelative);
        Assert.Equal(1, StandardNormal.QuantileOfTails(1 - p, p) / -expected, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Quantile_AtTheEnds_IsInfiniteOrNotANumber()
    {
        Assert.Equal(double.NegativeInfinity, StandardNormal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, StandardNormal.Quantile(1));
        Assert.Equal(double.NaN, StandardNormal.Quantile(1.5));
        Assert.Equal(double.NaN, StandardNormal.Quantile(double.NaN));
    }

    [Fact]
    public void Tail_OverTheLine_AgreesWithItsExactTwin()
    {
        for (double u = -5; u <= 5; u += 0.01)
        {
            double tail = StandardNormal.Tail(u, out double density);
            Assert.Equal(1, tail / StandardNormal.Cdf(-Math.Abs(u)), Tolerances.FastNormalTail);
            Assert.Equal(1, density / StandardNormal.Density(u), Tolerances.ReferenceRelative);
        }

        // Beyond the rational's range absolute agreement is all that a kernel sum needs.
        for (double u = 5; u <= 12; u += 0.01)
            Assert.Equal(StandardNormal.Cdf(-u), StandardNormal.Tail(u, out _), 1e-16);
    }
}
