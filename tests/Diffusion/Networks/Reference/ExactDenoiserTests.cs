using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;
using Sweep.Tests.Diffusion.Datasets;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

/// <summary>The prior: a kernel of standard deviation 0.15 about every training point.</summary>
public sealed class ExactDenoiserTests : ReferenceDenoiserConformance
{
    private const double Std = 0.15;

    protected override IDenoiser Create(PointSet training) => new ExactDenoiser(GaussianMixture.Isotropic(
        [.. Enumerable.Repeat(1.0, training.Count)], training.Values, [.. Enumerable.Repeat(Std, training.Count)]));

    protected override (double[] Nodes, double[] Weights) Prior(PointSet training) => Grid(v => training.Values.Sum(p => Normal(v, p, Std * Std)));

    [Theory]
    [InlineData("gmm-ring", "none")]
    [InlineData("gmm-ring", "standardize")]
    [InlineData("gmm-aniso", "whiten")]
    [InlineData("gmm-product", "ica")]
    public void Of_WhenThePreprocessingIsAffine_IsTheDensityLessTheLogDeterminant(string dataset, string preprocessing)
    {
        IDataset source = DatasetUnderTest.Create(dataset);
        DatasetSplit split = source.Draw(new SplitSizes(2000, 0, 50, 0), 4);
        IFittedPreprocessing fitted = PreprocessingTestKinds.Create(preprocessing).Fit(split.Training, 1, TestContext.Current.CancellationToken);
        GaussianMixture latent = LatentMixture.Of(source.Density, fitted)!;

        double[] z = new double[split.Test.Values.Length], expected = new double[50], determinants = new double[50], actual = new double[50];
        fitted.Forward(split.Test.Values, z);
        source.Density!.LogDensity(split.Test.Values, expected);
        fitted.LogAbsDeterminant(split.Test.Values, determinants);
        latent.LogDensity(z, actual);

        for (int i = 0; i < 50; i++)
            Assert.Equal(expected[i] - determinants[i], actual[i], Tolerances.ReferenceRelative * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void Of_WhenThePreprocessingIsNotAffineOrTheDensityUnknown_IsNull()
    {
        PointSet training = Bimodal(200, 2);
        var mixture = GaussianMixture.Isotropic([1], [0, 0], [1]);
        IFittedPreprocessing marginal = PreprocessingTestKinds.Create("marginal").Fit(training, 1, TestContext.Current.CancellationToken);

        Assert.Null(LatentMixture.Of(mixture, marginal));
        Assert.Null(LatentMixture.Of(null, new Standardize().Fit(training, 1, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Denoise_OfRing8_MeetsAReferenceInNumPy()
    {
        // Posterior mean by weighted component means in NumPy 1.24 (no Tweedie), x = (0.5, 0.2), gmm-ring with its defaults.
        var denoiser = new ExactDenoiser((INoisableDensity)DatasetUnderTest.Create("gmm-ring").Density!);
        double[] ve = new double[2], vp = new double[2];
        denoiser.Denoise([0.5, 0.2], new NoiseLevel(1, 0.5), ve);
        denoiser.Denoise([0.5, 0.2], new NoiseLevel(0.8, 0.6), vp);

        Assert.Equal([0.6583885363176046, 0.26334222015137887], ve, (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
        Assert.Equal([0.4729845893010822, 0.1891934430019785], vp, (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
    }
}
