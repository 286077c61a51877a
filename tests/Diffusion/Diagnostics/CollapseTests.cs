using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class CollapseTests
{
    /// <summary>N(0, v I) in d dimensions: I = d / 2 ln(1 + v / sigma^2), so theory is sigma^2 = v / (n^(2 / d) - 1).</summary>
    [Theory]
    [InlineData(64, 1, 1000)]
    [InlineData(64, 4, 1000)]
    [InlineData(16, 1, 200)]
    public void Theory_OfAGaussian_IsTheClosedForm(int d, double variance, int n)
    {
        GaussianMixture density = GaussianMixture.Isotropic([1], new double[d], [Math.Sqrt(variance)]);
        double? theory = Collapse.Theory(density, Normal(4000, d, variance, 1), n, 3);
        double closed = Math.Sqrt(variance / (Math.Pow(n, 2.0 / d) - 1));

        // 4000 points know the information to 0.05 nats of ln n.
        Assert.InRange(theory!.Value / closed, 0.98, 1.02);
    }

    [Fact]
    public void Information_OfAGaussian_IsThatOfAChannelWithNoise()
    {
        GaussianMixture density = GaussianMixture.Isotropic([1], new double[16], [2]);
        double? nats = Collapse.Information(density, Normal(4000, 16, 4, 1), 0.5, 3);
        Assert.Equal(8 * Math.Log(1 + (4 / 0.25)), nats!.Value, 0.25);
    }

    /// <summary>Two points at +-1 in one dimension: the posterior of the one that was noised is a logistic function, its mean an integral.</summary>
    [Fact]
    public void Weight_OfTwoPoints_IsTheMeanOfALogisticFunction()
    {
        double[] points = [.. Enumerable.Range(0, 512).Select(i => i % 2 == 0 ? 1.0 : -1)];
        Collapse found = Collapse.Measure(new PointSet(points, 1), [0.5, 1, 4], 7);
        foreach ((double sigma, double weight) in found.Sigmas.Zip(found.Weights))
        {
            double mean = 0;
            const int Nodes = 4000;
            for (int i = 0; i < Nodes; i++)
                mean += 1 / (1 + Math.Exp(-2 * (1 + (sigma * StandardNormal.Quantile((i + 0.5) / Nodes))) / (sigma * sigma))) / Nodes;

            // Each of the two has 256 equal copies, which share the weight; 512 draws know it to 0.02 of that.
            Assert.Equal(mean, 256 * weight, 0.05);
        }
    }

    /// <summary>In many dimensions the empirical score collapses where theory says; more points, at less noise.</summary>
    [Fact]
    public void Sigma_InManyDimensions_IsNearTheory()
    {
        double[] sigmas = [.. Enumerable.Range(0, 25).Select(i => 0.5 * Math.Pow(8, i / 24.0))];
        double last = double.PositiveInfinity;
        foreach (int n in new[] { 100, 1000 })
        {
            double sigma = Collapse.Measure(Normal(n, 64, 1, 2), sigmas, 5).Sigma!.Value, closed = 1 / Math.Sqrt(Math.Pow(n, 2.0 / 64) - 1);
            Assert.InRange(sigma / closed, 0.9, 1.1);
            Assert.True(sigma < last);
            last = sigma;
        }
    }

    [Fact]
    public void Sigma_WhenNoLevelsEncloseIt_IsNull() => Assert.Null(Collapse.Measure(Normal(50, 2, 1, 2), [5, 10], 1).Sigma);

    private static PointSet Normal(int n, int d, double variance, ulong seed)
    {
        double[] values = new double[n * d];
        new PhiloxStream(seed, NoisePurpose.TestPoints).FillNormal(values);
        for (int i = 0; i < values.Length; i++)
            values[i] *= Math.Sqrt(variance);
        return new PointSet(values, d);
    }
}
