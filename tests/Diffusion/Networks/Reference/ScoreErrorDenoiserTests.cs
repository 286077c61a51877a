using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class ScoreErrorDenoiserTests
{
    private static readonly GaussianMixture Plane = GaussianMixture.Isotropic([0.3, 0.7], [-1, 0, 0.5, 0.2], [0.2, 0.3]);
    private static readonly PointSet Points = Draw(600);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(80)]
    public void Denoise_OverManyFields_ErrsByTheRelativeSizeOfTheScoreAtEveryLevel(double sigma)
    {
        // Fresh noisy points, not those that the denoiser measures the score on.
        const int Rows = 400, Fields = 400;
        const double Size = 0.2;
        double[] x = Draw(Rows, seed: 9).Values, noise = new double[2 * Rows], exact = new double[2 * Rows], wrong = new double[2 * Rows];
        NormalNoise.Fill(noise, 9, NoisePurpose.Diagnostics, 0, 0, 2);
        for (int i = 0; i < x.Length; i++)
            x[i] += sigma * noise[i];
        var level = new NoiseLevel(1, sigma);
        new ExactDenoiser(Plane).Denoise(x, level, exact);
        double score = exact.Zip(x, (d, y) => (d - y) * (d - y)).Sum(), error = 0;
        for (ulong seed = 0; seed < Fields; seed++)
        {
            new ScoreErrorDenoiser(new ExactDenoiser(Plane), Points, Size, seed).Denoise(x, level, wrong);
            error += wrong.Zip(exact, (d, e) => (d - e) * (d - e)).Sum() / Fields;
        }

        Assert.Equal(Size, Math.Sqrt(error / score), Size * Tolerances.FieldSize);
    }

    [Fact]
    public void Denoise_WhenThePointOrTheLevelMovesALittle_ErrsAlmostTheSame()
    {
        const double Size = 0.2, Step = 1e-3;
        ScoreErrorDenoiser denoiser = Create(Size, 3);
        var exact = new ExactDenoiser(Plane);
        for (double sigma = 0.01; sigma < 80; sigma *= 3)
        {
            double spread = Math.Sqrt((sigma * sigma) + 0.5), here = Error(0.3 * spread, sigma);
            double scale = Size * sigma;
            // Slopes of some correlation lengths' inverses, as far out as four deviations.
            Assert.InRange(Math.Abs(Error((0.3 + Step) * spread, sigma) - here) / (Step * scale), 0, 5);
            Assert.InRange(Math.Abs(Error(0.3 * spread, sigma * Math.Exp(Step)) - here) / (Step * scale), 0, 7);
        }

        double Error(double y, double sigma)
        {
            double[] wrong = new double[2], right = new double[2];
            denoiser.Denoise([y, -y], new NoiseLevel(1, sigma), wrong);
            exact.Denoise([y, -y], new NoiseLevel(1, sigma), right);
            return wrong[0] - right[0];
        }
    }

    [Fact]
    public void Denoise_WhenTheScheduleScalesTheData_ErrsAsInDataSpace()
    {
        double[] unscaled = new double[2], scaled = new double[2];
        Create(0.2, 3).Denoise([0.4, -0.1], new NoiseLevel(1, 0.75), unscaled);
        Create(0.2, 3).Denoise([0.8 * 0.4, 0.8 * -0.1], new NoiseLevel(0.8, 0.6), scaled);
        Assert.Equal(unscaled[0], scaled[0], Tolerances.PosteriorMean);
        Assert.Equal(unscaled[1], scaled[1], Tolerances.PosteriorMean);
    }

    [Fact]
    public void Denoise_WhateverTheBatch_GivesARowTheSameBits()
    {
        ScoreErrorDenoiser denoiser = Create(0.2, 3);
        double[] x = Draw(13, seed: 4).Values, together = new double[x.Length], alone = new double[2];
        denoiser.Denoise(x, new NoiseLevel(1, 0.4), together);
        for (int i = 0; i < 13; i++)
        {
            Create(0.2, 3).Denoise(x.AsSpan(2 * i, 2), new NoiseLevel(1, 0.4), alone);
            Assert.Equal(together.Skip(2 * i).Take(2), alone);
        }
    }

    [Fact]
    public void Denoise_WhenTheSeedDiffers_ErrsDifferently()
    {
        double[] a = new double[2], b = new double[2];
        Create(0.2, 3).Denoise([0.4, -0.1], new NoiseLevel(1, 0.75), a);
        Create(0.2, 4).Denoise([0.4, -0.1], new NoiseLevel(1, 0.75), b);
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void Denoise_WhenTheSizeIsNoneOrThePointClean_IsTheInnerOne()
    {
        double[] x = [0.4, -0.1], actual = new double[2], expected = new double[2];
        Create(0, 3).Denoise(x, new NoiseLevel(1, 0.75), actual);
        new ExactDenoiser(Plane).Denoise(x, new NoiseLevel(1, 0.75), expected);
        Assert.Equal(expected, actual);
        Create(0.2, 3).Denoise(x, NoiseLevel.Clean, actual);
        Assert.Equal(x, actual);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Construct_WhenTheSizeIsNone_SaysWhatIsAllowed(double size) =>
        Assert.Contains("; allowed: a finite number of at least 0", Assert.Throws<ArgumentException>(() => Create(size, 0)).Message, StringComparison.Ordinal);

    private static ScoreErrorDenoiser Create(double size, ulong seed) => new(new ExactDenoiser(Plane), Points, size, seed);

    private static PointSet Draw(int count, ulong seed = 1)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.TrainingPoints);
        var values = new double[2 * count];
        Plane.Sample(ref stream, values);
        return new PointSet(values, 2);
    }
}
