using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class ExplainedShareTests
{
    [Fact]
    public void At_OfTheModelItself_IsOne()
    {
        var model = new Samplers.GaussianDenoiser(1, 2);
        double[] noisy = [1, 2, -0.5, 0.3, 0, 1];
        ExplainedShare share = ExplainedShare.At(model, model, noisy, new NoiseLevel(0.8, 0.6));

        Assert.Equal((1, 1), (share.Denoiser, share.Score));
    }

    [Fact]
    public void At_OfTwoGaussians_IsOneLessTheSquaredDifferenceOfTheirGains()
    {
        // Centred points: f = g1 x, so the share is 1 - (g1 - g2)^2 / g1^2, and for scores with 1 - a g in place of g.
        var level = new NoiseLevel(0.8, 0.6);
        double[] noisy = [1, -1, 2, -2, 0.5, -0.5];
        ExplainedShare share = ExplainedShare.At(new Samplers.GaussianDenoiser(1, 1), new Samplers.GaussianDenoiser(2, 1), noisy, level);
        double one = 0.8 / (0.64 + 0.36), two = 0.8 * 4 / ((0.64 * 4) + 0.36);

        Assert.Equal(1 - Math.Pow((one - two) / one, 2), share.Denoiser, Tolerances.ReferenceRelative);
        Assert.Equal(1 - Math.Pow(0.8 * (one - two) / (1 - (0.8 * one)), 2), share.Score, Tolerances.ReferenceRelative);
    }

    /// <summary>f = x, g = x / 2 and 2 x, so that each point's score share is known; a constant added to f counts, as nothing is centred.</summary>
    [Fact]
    public void Between_PerSample_IsTheMeanOfUncentredRatios()
    {
        // With signal 0.8 and noise 0.6 the score is (0.8 x0 - x) / 0.36; x0 = 0 makes it -x / 0.36, and x0 = c x scales it by 1 - 0.8 c.
        var level = new NoiseLevel(0.8, 0.6);
        double[] noisy = [3, 4, 5, 5], model = [0, 0, 0, 0], reference = [0.625 * 3, 0.625 * 4, -1.25 * 5, -1.25 * 5];
        ExplainedShare share = ExplainedShare.Between(model, reference, noisy, level, 2);

        // Ratios 1/2 and 2 of the model's own: 1 - 1/4 and 1 - 1.
        Assert.Equal((0.75 + 0) / 2, share.ScorePerSample, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Curve_OfAniso8ByAGaussian_IsNearlyAllAtHighNoiseAndFallsBelowTheIdentityControlNowhere()
    {
        IDataset aniso = DatasetUnderTest.Create("gmm-aniso");
        DatasetSplit split = aniso.Draw(new SplitSizes(5000, 0, 2000, 0), 1);
        var exact = new ExactDenoiser((INoisableDensity)aniso.Density!);
        NoiseLevel[] levels = [new(1, 0.1), new(1, 0.5), new(1, 1), new(1, 2)];
        double[] gaussian = [.. ExplainedShare.Curve(exact, GaussianDenoiser.Fit(split.Training), split.Test, levels, 3).Select(s => s.Score)];
        double[] control = [.. ExplainedShare.Curve(exact, GaussianDenoiser.FitScaledIdentity(split.Training), split.Test, levels, 3).Select(s => s.Score)];

        Assert.True(gaussian[3] >= 0.995 && gaussian[2] >= 0.97 && gaussian[0] <= 0.65, string.Join(' ', gaussian));
        Assert.All(gaussian.Zip(control), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void Curve_OfDenoisingErrors_IsThePosteriorVarianceOfAGaussian()
    {
        double[] values = new double[40_000];
        new PhiloxStream(1, NoisePurpose.TestPoints).FillNormal(values);
        IReadOnlyList<DenoisingError> curve =
            DenoisingError.Curve(new Samplers.GaussianDenoiser(1, 2), new PointSet(values, 2), [new(1, 0.1), new(0.6, 0.8), new(1, 50)], 5);

        foreach (DenoisingError error in curve)
        {
            double expected = Math.Pow(error.Level.Noise, 2) / (Math.Pow(error.Level.Signal, 2) + Math.Pow(error.Level.Noise, 2));
            Assert.InRange((error.MeanSquare - expected) / error.StandardError, -4, 4);
            Assert.InRange(error.StandardError / expected, 0.005, 0.01);
        }
    }
}
