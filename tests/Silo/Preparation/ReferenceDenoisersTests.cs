using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Preparation;
using Xunit;

namespace Sweep.Tests.Silo.Preparation;

/// <summary>Every reference denoiser from a trial's data, and where there is no exact one.</summary>
public sealed class ReferenceDenoisersTests
{
    private static readonly NoiseLevel Level = new(1, 0.5);

    [Fact]
    public void Create_WhateverTheKind_GivesADenoiserThatBeatsTheNoisyPointItself()
    {
        PreparedData data = Prepare("gmm-ring", "standardize");
        double[] clean = data.LatentPoints().Values[..200], noisy = [.. clean.Zip(new PhiloxNoise(5).Initial(100, 2, 1), (x, e) => x + (0.5 * e))];
        foreach (string kind in ReferenceKinds.Names)
        {
            IDenoiser denoiser = ReferenceDenoisers.Create(new(kind), data, 0, cancellationToken: TestContext.Current.CancellationToken);
            var back = new double[noisy.Length];
            denoiser.Denoise(noisy, Level, back);
            Assert.Equal(2, denoiser.Dimensions);
            Assert.True(Error(back, clean) < 0.9 * Error(noisy, clean), kind);
        }
    }

    [Fact]
    public void Create_WhenExact_IsOfTheDatasetsDensity()
    {
        PreparedData raw = Prepare("gmm-ring", "none");
        var ring = (INoisableDensity)raw.Drawn.Dataset.Density!;
        double[] x = [0.3, -0.2, 1.1, 0.4], expected = new double[4], actual = new double[4];
        new ExactDenoiser(ring).Denoise(x, Level, expected);
        ReferenceDenoisers.Create(new("exact"), raw, 0, cancellationToken: TestContext.Current.CancellationToken).Denoise(x, Level, actual);
        Assert.Equal(expected, actual);
        Assert.IsType<ExactDenoiser>(ReferenceDenoisers.Create(new("exact"), Prepare("gmm-product", "ica"), 0,
            cancellationToken: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("moons", "standardize")]
    [InlineData("gmm-ring", "gaussianize")]
    [InlineData("gmm-ring", "marginal")]
    [InlineData("{kind: gmm-product, dimensions: 16}", "none")]
    public void Create_WhenTheExactDensityCanNotBeWrittenDown_Says(string dataset, string preprocessing)
    {
        TrialSpec trial = Trial(dataset, preprocessing);
        var e = Assert.Throws<TrialFailedException>(() => ReferenceDenoisers.Create(new("exact"), new DataStage().Prepare(trial), 0));
        Assert.Contains("; allowed: ", e.Message, StringComparison.Ordinal);

        IDataset known = DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters));
        IPreprocessing map = PreprocessingKinds.Registry.Create(trial.Preprocessing.Kind, new ParameterValues(trial.Preprocessing.Parameters));
        Assert.True(!map.IsAffine || LatentMixture.Obstacle(known.Density) is not null);
    }

    [Fact]
    public void Create_WhenThereAreMoreComponentsThanPoints_Says()
    {
        PreparedData data = Prepare("gmm-ring", "standardize");
        var e = Assert.Throws<TrialFailedException>(() => ReferenceDenoisers.Create(new("mixture"), data, 0, components: 501));
        Assert.Contains("components: 501; allowed: at most 500", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The check of specs promises what every fit then keeps.</summary>
    [Fact]
    public void Obstacle_WhateverThePreprocessing_FindsOneWhereTheFitHasNoMixtureAndOnlyThere()
    {
        foreach (string preprocessing in PreprocessingKinds.Registry.Kinds.Select(k => k.Name))
        {
            TrialSpec trial = Trial("gmm-ring", preprocessing);
            PreparedData data = new DataStage().Prepare(trial);
            IPreprocessing map = PreprocessingKinds.Registry.Create(preprocessing, new ParameterValues(trial.Preprocessing.Parameters));
            Assert.Equal(LatentMixture.Of(data.Drawn.Dataset.Density, data.Fitted) is null, !map.IsAffine);
            Assert.Null(LatentMixture.Obstacle(data.Drawn.Dataset.Density));
        }
    }

    private static double Error(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private static PreparedData Prepare(string dataset, string preprocessing) => new DataStage().Prepare(Trial(dataset, preprocessing));

    private static TrialSpec Trial(string dataset, string preprocessing)
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 1\naxes:\n  dataset: {dataset}\n  preprocessing: {preprocessing}\ntraining: {{points: 500}}\nsampling: {{samples: 64}}\n",
            "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return TrialExpansion.Expand(reading.Spec!).Single();
    }
}
