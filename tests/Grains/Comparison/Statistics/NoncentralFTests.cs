using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>The noncentral F against SciPy 1.10's and against the noncentral t, whose square it is.</summary>
public sealed class NoncentralFTests
{
    [Theory]
    [InlineData(2.5, 3, 20, 4, 0.5919306492361609)]
    [InlineData(10, 1, 4, 25, 0.08777417494904256)]
    [InlineData(300, 5, 24, 1500, 0.4588822723026718)]
    [InlineData(4, 2, 8, 0.5, 0.9053529116379441)]
    [InlineData(60000, 4, 30, 240000, 0.4656409052625097)]
    public void Cumulative_WhenComparedWithSciPy_Agrees(double f, double numerator, double denominator, double noncentrality, double expected) =>
        Assert.Equal(expected, NoncentralF.Cumulative(f, numerator, denominator, noncentrality), Tolerances.Probability);

    [Fact]
    public void Cumulative_WhenOneDegreeOfFreedom_IsTheSquareOfT()
    {
        foreach ((double t, double delta) in new[] { (1.0, 0.5), (3.0, 4.0), (20.0, 15.0), (80.0, 100.0) })
            Assert.Equal(NoncentralT.TwoSidedTail(t, 7, delta), 1 - NoncentralF.Cumulative(t * t, 1, 7, delta * delta), Tolerances.Probability);
    }

    [Fact]
    public void Interval_WhenFound_HasTheTailsThatItShould()
    {
        foreach (double f in new[] { 4.0, 50, 2000 })
        {
            (double low, double high) = NoncentralF.Interval(f, 3, 18, 0.05);
            Assert.Equal(0.975, NoncentralF.Cumulative(f, 3, 18, low), Tolerances.Probability);
            Assert.Equal(0.025, NoncentralF.Cumulative(f, 3, 18, high), Tolerances.Probability);
        }

        Assert.Equal(0, NoncentralF.Interval(1, 3, 18, 0.05).Low);
        Assert.Equal((0, 0), NoncentralF.Interval(0.001, 3, 18, 0.05));
    }

    /// <summary>An effect of which noise is a millionth part and less: there the mixture's terms would be too many, or lose all digits.</summary>
    [Theory]
    [InlineData(2, 24)]
    [InlineData(3, 4)]
    public void Interval_WhenTheEffectIsHuge_GoesOnAsBeforeAndEnds(double numerator, double denominator)
    {
        (double low, double high) = NoncentralF.Interval(0.999e8 / numerator, numerator, denominator, 0.05);
        (double lowBeyond, double highBeyond) = NoncentralF.Interval(1.001e8 / numerator, numerator, denominator, 0.05);
        Assert.Equal(1.001 / 0.999, lowBeyond / low, 1e-4);
        Assert.Equal(1.001 / 0.999, highBeyond / high, 1e-4);
        foreach (double f in new[] { 1e9, 1e12, 1e30, 1e100 })
        {
            (double l, double h) = NoncentralF.Interval(f, numerator, denominator, 0.05);
            Assert.Equal(0.975, NoncentralF.Cumulative(f, numerator, denominator, l), 1e-6);
            Assert.Equal(0.025, NoncentralF.Cumulative(f, numerator, denominator, h), 1e-6);
        }
    }
}
