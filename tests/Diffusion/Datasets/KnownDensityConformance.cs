using Sweep.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

/// <summary>What a dataset that knows its density and modes promises besides.</summary>
public abstract class KnownDensityConformance : DatasetConformance
{
    private const int Samples = 20_000;

    [Fact]
    public void Draw_WhenSizesAreGiven_GivesExactlyThese()
    {
        DatasetSplit split = Create().Draw(new SplitSizes(7, 3, 5, 4), 1);

        Assert.Equal((7, 3, 5, 4), (split.Training.Count, split.Validation.Count, split.Test.Count, split.Fresh.Count));
    }

    [Fact]
    public void Draw_WhenMoreIsAskedFor_BeginsWithTheSmallerSet()
    {
        IDataset dataset = Create();

        Assert.Equal(DatasetUnderTest.Sample(dataset, 10), DatasetUnderTest.Sample(dataset, 25).Take(10 * dataset.Dimensions));
    }

    [Fact]
    public void Score_Always_IsTheGradientOfTheLogDensity()
    {
        IDataset dataset = Create();
        int d = dataset.Dimensions;
        double[] points = DatasetUnderTest.Sample(dataset, 40);

        // Half the points far from the data's bulk.
        for (int i = points.Length / 2; i < points.Length; i++)
            points[i] *= 4;
        double[] scores = new double[points.Length];
        dataset.Density!.Score(points, scores);

        double[] up = new double[40], down = new double[40];
        for (int j = 0; j < d; j++)
        {
            dataset.Density.LogDensity(Moved(points, d, j, 1e-5), up);
            dataset.Density.LogDensity(Moved(points, d, j, -1e-5), down);
            for (int i = 0; i < 40; i++)
            {
                double expected = (up[i] - down[i]) / 2e-5;
                double scale = 1 + Math.Abs(expected) + Math.Abs(up[i]);
                Assert.Equal(expected, scores[(i * d) + j], Tolerances.FiniteDifference * scale);
            }
        }
    }

    [Fact]
    public void Score_OverTrueSamples_HasMeanZeroAndStein()
    {
        IDataset dataset = Create();
        int d = dataset.Dimensions;
        double[] points = DatasetUnderTest.Sample(dataset, Samples), scores = new double[points.Length];
        dataset.Density!.Score(points, scores);

        for (int j = 0; j < d; j++)
        {
            // E[score_j] = 0 and, by Stein's identity, E[x_j score_j] = -1.
            AssertMean(0, Enumerable.Range(0, Samples).Select(i => scores[(i * d) + j]));
            AssertMean(-1, Enumerable.Range(0, Samples).Select(i => points[(i * d) + j] * scores[(i * d) + j]));
        }
    }

    [Fact]
    public void LogDensity_UnderImportanceSampling_IntegratesToOne()
    {
        // Samples of the density with each point moved to the density's wider, equally known form: E_q[p/q] = 1 for q = p noised.
        IDataset dataset = Create();
        var density = (INoisableDensity)dataset.Density!;
        int d = dataset.Dimensions;
        double std = 0.05;
        IDensity wide = density.Noised(new Sweep.Diffusion.Schedules.NoiseLevel(1, std))!;
        double[] points = DatasetUnderTest.Sample(dataset, Samples);
        var stream = new Sweep.Diffusion.Numerics.PhiloxStream(99, Sweep.Diffusion.Numerics.NoisePurpose.Bootstrap);
        for (int i = 0; i < points.Length; i++)
            points[i] += std * stream.NextNormal();

        double[] logP = new double[Samples], logQ = new double[Samples];
        density.LogDensity(points, logP);
        wide.LogDensity(points, logQ);

        AssertMean(1, logP.Zip(logQ, (p, q) => Math.Exp(p - q)));
    }

    [Fact]
    public void LogDensity_FarAway_IsFiniteAndFallsWithDistance()
    {
        IDensity density = Create().Density!;
        double previous = double.PositiveInfinity;
        for (double size = 10; size < 1e300; size *= 1e10)
        {
            double[] point = Enumerable.Repeat(size, density.Dimensions).ToArray();
            double[] nats = new double[1], score = new double[density.Dimensions];
            density.LogDensity(point, nats);
            density.Score(point, score);

            Assert.True(double.IsFinite(nats[0]), $"{size}: {nats[0]}");
            Assert.All(score, s => Assert.True(double.IsFinite(s)));
            Assert.True(size > 1e140 || nats[0] < previous);
            previous = nats[0];
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void LogDensity_WhenACoordinateIsNotFinite_IsNaNForThatPointAlone(double bad)
    {
        IDataset dataset = Create();
        double[] points = DatasetUnderTest.Sample(dataset, 9), nats = new double[9];
        points[4 * dataset.Dimensions] = bad;
        dataset.Density!.LogDensity(points, nats);

        Assert.Equal([4], Enumerable.Range(0, 9).Where(i => !double.IsFinite(nats[i])));
        Assert.True(double.IsNaN(nats[4]));
    }

    [Fact]
    public void LogDensity_WhateverTheBatch_GivesAPointTheSameBits()
    {
        IDataset dataset = Create();
        int d = dataset.Dimensions;
        double[] points = DatasetUnderTest.Sample(dataset, 13), together = new double[13], alone = new double[1];
        dataset.Density!.LogDensity(points, together);

        for (int i = 0; i < 13; i++)
        {
            dataset.Density.LogDensity(points.AsSpan(i * d, d), alone);
            Assert.Equal(together[i], alone[0]);
        }
    }

    [Fact]
    public void Assign_OverTrueSamples_MatchesTheWeights()
    {
        IDataset dataset = Create();
        int[] mode = new int[Samples];
        double[] distance = new double[Samples];
        dataset.Modes!.Assign(DatasetUnderTest.Sample(dataset, Samples), mode, distance);

        Assert.Equal(1, dataset.Modes.Weights.Sum(), Tolerances.ReferenceRelative);
        for (int k = 0; k < dataset.Modes.Weights.Count; k++)
            AssertMean(dataset.Modes.Weights[k], mode.Select(m => m == k ? 1.0 : 0.0), slack: Overlap);

        // A squared Mahalanobis distance to one's own mode is chi-square with mean d; to the nearest it is no larger.
        Assert.InRange(distance.Average(r => r * r), dataset.Dimensions * (1 - (4 * Overlap) - 0.03), dataset.Dimensions * 1.03);
    }

    /// <summary>The share of samples that may lie nearer to another mode than to their own.</summary>
    protected virtual double Overlap => 0.002;

    /// <summary>Within five standard errors (and slack): one false alarm in a million, and the seed is fixed.</summary>
    private static void AssertMean(double expected, IEnumerable<double> values, double slack = 0)
    {
        double[] all = values.ToArray();
        double mean = all.Average();
        double error = Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1.0) / all.Length);
        Assert.Equal(expected, mean, (5 * error) + slack);
    }

    private static double[] Moved(double[] points, int dimensions, int coordinate, double by)
    {
        double[] moved = (double[])points.Clone();
        for (int i = coordinate; i < moved.Length; i += dimensions)
            moved[i] += by;
        return moved;
    }
}
