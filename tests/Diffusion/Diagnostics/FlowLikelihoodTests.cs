using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;
using Sweep.Tests.Diffusion.Datasets;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class FlowLikelihoodTests
{
    private const string Aniso = """{"means": [[1, -2, 0.5]], "covariances": [[[1, 0.3, 0], [0.3, 0.2, 0.05], [0, 0.05, 0.05]]]}""";

    public static TheoryData<string, string, string> Cases => new()
    {
        { "gmm-ring", "none", "edm" },
        { "gmm-ring", "standardize", "vp-linear" },
        { "gmm", "none", "edm" },
        { "gmm", "whiten", "vp-linear" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluate_OfTheExactDenoiser_IsTheTrueLogDensityOfEveryPoint(string dataset, string preprocessing, string schedule)
    {
        IDataset source = DatasetUnderTest.Create(dataset, dataset == "gmm" ? Aniso : "{}");
        DatasetSplit split = source.Draw(new SplitSizes(500, 0, 40, 0), 9);
        IFittedPreprocessing fitted = PreprocessingTestKinds.Create(preprocessing).Fit(split.Training, 1, TestContext.Current.CancellationToken);
        var denoiser = new ExactDenoiser(LatentMixture.Of(source.Density, fitted)!);

        // To so much noise that starting from N(0, sigma_max^2 I) is not an error: the data's mean over sigma_max counts, 0.03 nats at 80.
        ISchedule noise = schedule == "edm" ? new EdmKarras(sigmaMax: 1e5) : new VpLinear(betaMax: 45);
        FlowLikelihoodResult result = new FlowLikelihood(denoiser, noise).Evaluate(split.Test, fitted, 1, TestContext.Current.CancellationToken);
        double[] expected = new double[40];
        source.Density!.LogDensity(split.Test.Values, expected);

        for (int i = 0; i < 40; i++)
            Assert.Equal(-expected[i], result.NegativeLogLikelihoodsNats[i], Tolerances.FlowNats);
        Assert.Equal(-expected.Average() / (source.Dimensions * Math.Log(2)), result.BitsPerDimension, Tolerances.FlowNats);
        Assert.Equal(0, result.DivergenceStandardErrorNats);
    }

    [Fact]
    public void Evaluate_BeyondTheExactDimensions_IsWithinItsStandardErrors()
    {
        // A correlated Gaussian in 20 dimensions: along its own axes random signs would have no error.
        const int Dimensions = 20;
        var stream = new PhiloxStream(4, NoisePurpose.DatasetDefinition);
        double[] q = RandomOrthogonal.Draw(ref stream, Dimensions), covariance = new double[Dimensions * Dimensions];
        for (int e = 0; e < covariance.Length; e++)
        {
            for (int k = 0; k < Dimensions; k++)
                covariance[e] += q[(e / Dimensions * Dimensions) + k] * q[(e % Dimensions * Dimensions) + k] / (1 + k);
        }

        var mixture = GaussianMixture.Full([1], new double[Dimensions], covariance);
        double[] points = new double[30 * Dimensions], expected = new double[30];
        mixture.Sample(ref stream, points);
        mixture.LogDensity(points, expected);
        var data = new PointSet(points, Dimensions);
        IFittedPreprocessing none = PreprocessingTestKinds.Create("none").Fit(data, 1, TestContext.Current.CancellationToken);
        FlowLikelihoodResult random = new FlowLikelihood(new ExactDenoiser(mixture), new EdmKarras())
            .Evaluate(data, none, 1, TestContext.Current.CancellationToken);
        FlowLikelihoodResult exact = new FlowLikelihood(new ExactDenoiser(mixture), new EdmKarras(), new FlowLikelihoodOptions { ExactUpToDimensions = 20 })
            .Evaluate(data, none, 1, TestContext.Current.CancellationToken);

        Assert.Equal(-expected.Average(), exact.MeanNats, Tolerances.FlowNats);
        Assert.InRange(random.DivergenceStandardErrorNats, 0.01, 0.5);
        Assert.InRange(Math.Abs(random.MeanNats - exact.MeanNats) / random.DivergenceStandardErrorNats, 0, 3.5);
        Assert.True(random.EvaluationsPerPoint < exact.EvaluationsPerPoint);
    }

    [Fact]
    public void Evaluate_WhateverTheBlocks_GivesTheSameToTolerance()
    {
        IDataset ring = DatasetUnderTest.Create("gmm-ring");
        PointSet data = ring.Draw(new SplitSizes(0, 0, 12, 0), 2).Test;
        IFittedPreprocessing none = PreprocessingTestKinds.Create("none").Fit(data, 1, TestContext.Current.CancellationToken);
        double[] whole = Nats(256), parts = Nats(5);

        Assert.Equal(whole, parts, (a, b) => Math.Abs(a - b) < Tolerances.FlowNats);

        double[] Nats(int rows) =>
            [.. new FlowLikelihood(new ExactDenoiser((INoisableDensity)ring.Density!), new EdmKarras(), new FlowLikelihoodOptions { RowsPerBlock = rows })
                .Evaluate(data, none, 1, TestContext.Current.CancellationToken).NegativeLogLikelihoodsNats];
    }

    [Fact]
    public void Create_WithOneProbe_SaysWhatIsAllowed() =>
        Assert.Contains(
            "probes: 1; allowed: at least 2",
            Assert.Throws<ArgumentException>(() =>
                new FlowLikelihood(GaussianDenoiser.Fit(new PointSet([1, 2], 1)), new EdmKarras(), new FlowLikelihoodOptions { Probes = 1 })).Message,
            StringComparison.Ordinal);
}
