using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

/// <summary>What every reference denoiser promises. Each is the posterior mean under a prior of its own making from the training points.</summary>
public abstract class ReferenceDenoiserConformance
{
    public static TheoryData<double, double> Levels => new()
    {
        { 1, 0.002 }, { 1, 0.3 }, { 1, 3 }, { 1, 80 },
        { 0.99, 0.14 }, { 0.6, 0.8 }, { 0.05, 0.9987 },
    };

    /// <summary>The denoiser made from these points.</summary>
    protected abstract IDenoiser Create(PointSet training);

    /// <summary>Its prior on the line as nodes and weights, of which only the ratios count: what quadrature sums over.</summary>
    protected abstract (double[] Nodes, double[] Weights) Prior(PointSet training);

    [Theory]
    [MemberData(nameof(Levels))]
    public void Denoise_InOneDimension_IsThePosteriorMeanByQuadrature(double signal, double noise)
    {
        PointSet training = Bimodal(60, 1);
        (double[] nodes, double[] weights) = Prior(training);
        IDenoiser denoiser = Create(training);
        double[] x = [.. Enumerable.Range(-10, 21).Select(i => (signal * 0.2 * i) + (noise * 0.1 * i))], actual = new double[x.Length];
        denoiser.Denoise(x, new NoiseLevel(signal, noise), actual);

        for (int row = 0; row < x.Length; row++)
        {
            double[] halves = [.. nodes.Select(v => Math.Pow((x[row] - (signal * v)) / noise, 2) / 2)];
            double[] logs = [.. halves.Select((h, i) => Math.Log(weights[i]) - h)];
            double largest = logs.Max();
            double[] posterior = [.. logs.Select(l => Math.Exp(l - largest))];
            double expected = posterior.Select((p, i) => p * nodes[i]).Sum() / posterior.Sum();
            Assert.Equal(expected, actual[row], Tolerances.PosteriorMean * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Denoise_WhenClean_ReturnsX(int dimensions)
    {
        IDenoiser denoiser = Create(Bimodal(60, dimensions));
        double[] x = Bimodal(7, dimensions).Values, result = new double[x.Length];
        denoiser.Denoise(x, NoiseLevel.Clean, result);

        Assert.Equal(dimensions, denoiser.Dimensions);
        Assert.Equal(x, result);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Denoise_FarAway_IsFiniteAndNoFartherThanXOverSignal(double signal, double noise)
    {
        PointSet training = Bimodal(60, 3);
        IDenoiser denoiser = Create(training);
        double[] result = new double[3];
        for (double size = 10; size < 1e300; size *= 1e12)
        {
            double[] x = [size, -size, size];
            denoiser.Denoise(x, new NoiseLevel(signal, noise), result);

            Assert.All(result, v => Assert.True(double.IsFinite(v), $"{size}: {v}"));
            double length = Math.Sqrt(result.Sum(v => v / size * (v / size)));
            Assert.InRange(length, 0, (Math.Sqrt(3) / signal * (1 + Tolerances.ReferenceRelative)) + (10 / size));
        }
    }

    [Fact]
    public void Denoise_UnderOverwhelmingNoise_IsTheTrainingMean()
    {
        PointSet training = Bimodal(60, 2);
        double[] result = new double[2];
        Create(training).Denoise([3e3, -2e3], new NoiseLevel(1, 1e6), result);

        for (int j = 0; j < 2; j++)
            Assert.Equal(Enumerable.Range(0, 60).Average(i => training.Values[(2 * i) + j]), result[j], Tolerances.OverwhelmingNoise);
    }

    [Fact]
    public void Denoise_WhateverTheBatch_GivesARowTheSameBits()
    {
        IDenoiser denoiser = Create(Bimodal(600, 3));
        var level = new NoiseLevel(0.9, 0.4);
        double[] x = Bimodal(13, 3).Values, together = new double[x.Length], alone = new double[3];
        denoiser.Denoise(x, level, together);

        for (int i = 0; i < 13; i++)
        {
            denoiser.Denoise(x.AsSpan(3 * i, 3), level, alone);
            Assert.Equal(together.Skip(3 * i).Take(3), alone);
        }
    }

    [Fact]
    public void Denoise_WhenARowIsNotFinite_KeepsItToThatRow()
    {
        IDenoiser denoiser = Create(Bimodal(60, 2));
        double[] x = Bimodal(9, 2).Values, result = new double[x.Length];
        x[8] = double.NaN;
        denoiser.Denoise(x, new NoiseLevel(1, 0.5), result);

        Assert.Equal([4], Enumerable.Range(0, 9).Where(i => !double.IsFinite(result[2 * i] + result[(2 * i) + 1])));
    }

    [Fact]
    public void Denoise_WhenTheSpansDoNotFit_SaysWhatIsAllowed() =>
        Assert.Contains(
            "x of 3 and x0Hat of 3 values; allowed: as many, in rows of 2",
            Assert.Throws<ArgumentException>(() => Create(Bimodal(60, 2)).Denoise(new double[3], new NoiseLevel(1, 1), new double[3])).Message,
            StringComparison.Ordinal);

    /// <summary>Points about two centres, -1 and 0.8 in every coordinate.</summary>
    internal static PointSet Bimodal(int count, int dimensions)
    {
        var stream = new PhiloxStream(3, NoisePurpose.TrainingPoints);
        double[] values = new double[count * dimensions];
        for (int i = 0; i < count; i++)
        {
            bool left = stream.NextDouble() < 0.4;
            for (int j = 0; j < dimensions; j++)
                values[(i * dimensions) + j] = left ? -1 + (0.2 * stream.NextNormal()) : 0.8 + (0.3 * stream.NextNormal());
        }

        return new PointSet(values, dimensions);
    }

    /// <summary>Nodes of the trapezoidal rule, which for these smooth densities is exact to rounding.</summary>
    private protected static (double[] Nodes, double[] Weights) Grid(Func<double, double> density)
    {
        double[] nodes = [.. Enumerable.Range(-24_000, 48_001).Select(i => i * 5e-4)];
        (double Node, double Weight)[] kept = [.. nodes.Select(v => (v, density(v))).Where(p => p.Item2 > 0)];
        return ([.. kept.Select(p => p.Node)], [.. kept.Select(p => p.Weight)]);
    }

    private protected static double Normal(double v, double mean, double variance) =>
        Math.Exp(-(v - mean) * (v - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);

    private protected static (double Mean, double Variance) Moments(PointSet points)
    {
        double mean = points.Values.Average();
        return (mean, points.Values.Average(v => (v - mean) * (v - mean)));
    }
}
