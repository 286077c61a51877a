using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class StepsToFinalLossTests
{
    private const int Rows = 100;

    private static readonly int[] Steps = [0, 10, 20, 40, 80];

    /// <summary>L* is 3 and the initial excess 1: within 5% is up to 3.05, however large L* is, where 5% of the final loss would be up to 3.15 or so.</summary>
    [Theory]
    [InlineData(new[] { 4, 3.14, 3.06, 3.05, 3.0 }, 40)]
    [InlineData(new[] { 4, 3.04, 3.06, 3.05, 3.04 }, 40)]
    [InlineData(new[] { 4, 3.0, 3.0, 3.0, 3.0 }, 10)]
    [InlineData(new[] { 4, 3.5, 3.3, 3.2, 3.02 }, 80)]
    [InlineData(new[] { 4, 2.99, 2.99, 2.98, 2.99 }, 10)]
    public void Of_Always_IsTheFirstStepFromWhichTheExcessStaysWithinItsShare(double[] losses, int expected) =>
        Assert.Equal(Measurement.Of(expected), Measure(losses));

    [Fact]
    public void Of_WhenTheExcessIsLargerAtTheEnd_IsNever() => Assert.Equal(Measurement.Never, Measure([4, 3.5, 3.04, 3.02, 3.06]).Reason);

    /// <summary>
    /// Alternating rows, 0.5 up and down, and the least's not: a standard error of 0.5 / sqrt(99), two of which are 10% of the initial excess.
    /// </summary>
    [Theory]
    [InlineData(new[] { 4, 3.2, 3.0, 3.0, 3.0 })]
    [InlineData(new[] { 4, 3.5, 3.2, 3.14, 3.12 })]
    public void Of_WhenTheNoiseIsMoreThanItsShare_HasNoValueAndIsNotNever(double[] losses) =>
        Assert.Equal("never certainly: the noise of the excess, 10.1 % of that before training, is more than 5 %", Measure(losses, 0.5).Reason);

    /// <summary>Half of the initial excess away, no noise of 10% can hide that it never arrived.</summary>
    [Fact]
    public void Of_WhenItIsFarAwayInSpiteOfNoise_IsNever() => Assert.Equal(Measurement.Never, Measure([4, 3.8, 3.6, 3.5, 3.5], 0.5).Reason);

    /// <summary>The same noise in both is none of the difference's: rows are compared with each other.</summary>
    [Fact]
    public void Of_WhenRowsDifferAlike_ComparesRowByRow() => Assert.Equal(
        Measurement.Of(20),
        StepsToFinalLoss.Of(Steps, [.. new[] { 4.0, 3.5, 3, 3, 3 }.Select(l => Row(l, 2))], Row(3, 2)));

    [Fact]
    public void Of_WhenTheRunEndsFarBelowL_SaysThatItIsNotTheLeast() =>
        Assert.Equal("L* is not the minimum: the losses end below it by 3.0 % of the excess before training", Measure([4, 3, 3, 2.98, 2.97]).Reason);

    [Fact]
    public void Of_WhenThereIsNothingToLearn_SaysSo() => Assert.Equal("the excess before training is 0: nothing to learn", Measure([3, 3, 3, 3, 3]).Reason);

    [Fact]
    public void Of_WhenALossIsNotFinite_SaysSo() => Assert.Equal("a loss is not finite", Measure([4, double.NaN, 3, 3, 3]).Reason);

    [Fact]
    public void Of_WhenItDoesNotBeginBeforeTraining_Refuses() =>
        Assert.Throws<ArgumentException>(() => StepsToFinalLoss.Of([10, 20], [Row(4, 0), Row(3, 0)], Row(3, 0)));

    private static Measurement Measure(double[] losses, double noise = 0) => StepsToFinalLoss.Of(Steps, [.. losses.Select(l => Row(l, noise))], Row(3, 0));

    private static float[] Row(double mean, double noise) => [.. Enumerable.Range(0, Rows).Select(i => (float)(mean + (i % 2 == 0 ? noise : -noise)))];
}
