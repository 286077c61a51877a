using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>
/// Reference values: mpmath 1.2.1 at 40 digits, the integral over Z of the density times the regularised incomplete gamma function. SciPy 1.10.1's
/// <c>stats.nct.sf(t, df, delta)</c> agrees to 1e-15 wherever its own error, 1e-12 of a tail below 1e-4, is smaller.
/// </summary>
public sealed class NoncentralTTests
{
    [Theory]
    [InlineData(2.0, 4, 1.0, 0.23543254617567573)]
    [InlineData(4.302652729911275, 2, 5.6, 0.7940441171654138)]
    [InlineData(49.0, 2, 62.0, 0.79812031999179701)]
    [InlineData(2.7764451051977987, 4, 3.5, 0.74486959844572894)]
    [InlineData(3.0, 9, -1.5, 9.6960270959183828e-5)]
    [InlineData(8.0, 19, 6.0, 0.12171381086559029)]
    [InlineData(0.7, 2.5, 0.3, 0.37473318897298288)]
    [InlineData(1.98, 99, 2.8, 0.79302901410671969)]
    [InlineData(12.706, 1, 30.0, 0.98141792186905036)]
    [InlineData(5, 2, -3, 8.0211410982523972e-6)]
    public void UpperTail_WhenGivenNoncentrality_AgreesWithMpmath(double t, double degrees, double noncentrality, double expected) =>
        Near.Relative(expected, NoncentralT.UpperTail(t, degrees, noncentrality));

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(2.5, 3)]
    [InlineData(49, 2)]
    [InlineData(4, 500)]
    public void TwoSidedTail_WhenNothingDiffers_IsStudents(double t, double degrees) =>
        Near.Relative(StudentT.TwoSidedP(t, degrees), NoncentralT.TwoSidedTail(t, degrees, 0));

    [Fact]
    public void UpperTail_WhenSignsTurn_TurnsWithThem() => Prop.ForAll(
        Gen.Choose(-400, 400).Select(i => i / 50.0).Two().ToArbitrary(),
        ((double T, double Delta) x) =>
            Assert.Equal(1 - NoncentralT.UpperTail(x.T, 5, x.Delta), NoncentralT.UpperTail(-x.T, 5, -x.Delta), 12)).QuickCheckThrowOnFailure();

    [Fact]
    public void UpperTail_WhenTheNoncentralityGrows_Grows()
    {
        double[] tails = [.. Enumerable.Range(-10, 40).Select(d => NoncentralT.UpperTail(6, 4, d))];
        Assert.All(tails.Zip(tails.Skip(1)), p => Assert.True(p.Second > p.First));
        Assert.InRange(NoncentralT.UpperTail(6, 4, 1e4), 1 - 1e-12, 1);
    }

    [Theory]
    [InlineData(double.NaN, 2, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, double.PositiveInfinity, 1)]
    [InlineData(1, 2, double.PositiveInfinity)]
    public void UpperTail_WhenAnArgumentIsNotAllowed_Throws(double t, double degrees, double noncentrality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NoncentralT.UpperTail(t, degrees, noncentrality));
}
