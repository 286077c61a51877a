using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class ClusteredRegressionTests
{
    [Fact]
    public void Contrast_WithOneSeed_IsOrdinaryLeastSquares()
    {
        // R: confint(lm(c(1, 3, 2, 5, 4) ~ c(1, 2, 3, 4, 5))): slope 0.8 [-0.3025, 1.9025].
        double[] x = [1, 2, 3, 4, 5], y = [1, 3, 2, 5, 4];
        ClusteredRegression fit = ClusteredRegression.Of([.. x.Select(v => new[] { 1, v })], [.. y.Select(v => new[] { v })])!;
        MeanInterval slope = fit.Contrast([0, 1]);
        Assert.Equal(0.8, slope.Mean, 1e-12);
        Assert.Equal(3, fit.ResidualDegrees);
        Assert.Equal(-0.3024, slope.Low!.Value, 1e-3);
        Assert.Equal(1.9024, slope.High!.Value, 1e-3);
    }

    /// <summary>
    /// With settings and seeds both random and crossed the interval covers the slope as often as it says, whichever of the two is the louder; an interval over
    /// seeds alone doesn't where settings are.
    /// </summary>
    [Theory]
    [InlineData(1, 0, 0.3)]
    [InlineData(0, 1, 0.3)]
    [InlineData(1, 1, 0.3)]
    [InlineData(0, 0, 1)]
    public void Contrast_OverSimulatedSweeps_CoversAtItsRate(double bySetting, double bySeed, double error)
    {
        const int Sweeps = 600, Settings = 24, Seeds = 4;
        int covered = 0, naive = 0;
        for (uint sweep = 0; sweep < Sweeps; sweep++)
        {
            PhiloxStream noise = new(7, NoisePurpose.Bootstrap, sweep);
            double[][] design = [.. Enumerable.Range(0, Settings).Select(_ => new[] { 1, noise.NextDouble(), noise.NextDouble() })];
            double[] slopes = [.. Enumerable.Range(0, Seeds).Select(_ => 2 + (bySeed * noise.NextNormal()))];
            double[][] values = [.. design.Select(d =>
            {
                double own = bySetting * noise.NextNormal();
                return slopes.Select(s => (s * d[1]) + own + (error * noise.NextNormal())).ToArray();
            })];
            MeanInterval slope = ClusteredRegression.Of(design, values)!.Contrast([0, 1, 0]);
            if (slope.Low <= 2 && slope.High >= 2)
                covered++;
            MeanInterval seeds = MeanInterval.Of([.. Enumerable.Range(0, Seeds).Select(j =>
                ClusteredRegression.Of(design, [.. values.Select(v => new[] { v[j] })])!.Coefficients[1])]);
            if (seeds.Low <= 2 && seeds.High >= 2)
                naive++;
        }

        // 95 % less three standard errors; beside small noise the floor at either part makes it somewhat wider than it need be.
        Assert.InRange(covered / (double)Sweeps, 0.923, 1);
        if (bySetting > 0 && bySeed == 0)
            Assert.InRange(naive / (double)Sweeps, 0, 0.8);
    }

    [Fact]
    public void Of_WhenTheDesignDoesNotDetermineTheSlopes_IsNull()
    {
        Assert.Null(ClusteredRegression.Of([[1, 2], [1, 3]], [[1], [2]]));
        Assert.Null(ClusteredRegression.Of([[1, 2, 4], [1, 3, 6], [1, 4, 8], [1, 5, 10]], [[1], [2], [3], [5]]));
        Assert.Throws<ArgumentException>(() => ClusteredRegression.Of([[1, 2], [1, 3]], [[1]]));
    }
}
