using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

/// <summary>A Gaussian mixture fitted by expectation-maximization.</summary>
public sealed class FittedMixtureTests : ReferenceDenoiserConformance
{
    protected override IDenoiser Create(PointSet training) => ExpectationMaximization.Fit(training, 2, seed: 1).CreateDenoiser();

    protected override (double[] Nodes, double[] Weights) Prior(PointSet training)
    {
        GaussianMixture mixture = ExpectationMaximization.Fit(training, 2, seed: 1).Mixture;
        double[] nats = new double[1];
        return Grid(v =>
        {
            mixture.LogDensity([v], nats);
            return Math.Exp(nats[0]);
        });
    }

    [Fact]
    public void Fit_WhateverTheSeedAndComponents_NeverLosesLikelihood() =>
        Prop.ForAll<byte, byte>((seed, components) =>
        {
            MixtureFit fit = ExpectationMaximization.Fit(Bimodal(80, 2), 1 + (components % 12), seed);

            return fit.LogLikelihoods.Zip(fit.LogLikelihoods.Skip(1)).All(pair => pair.Second >= pair.First - Tolerances.ReferenceRelative);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Fit_OfALowRank_NeverLosesLikelihood() =>
        Prop.ForAll<byte, byte>((seed, components) =>
        {
            MixtureFit fit = ExpectationMaximization.Fit(ShrinkageTests.Points(80, 5, 4), 1 + (components % 6), seed, rank: 1 + (seed % 4));

            return fit.LogLikelihoods.Zip(fit.LogLikelihoods.Skip(1)).All(pair => pair.Second >= pair.First - Tolerances.ReferenceRelative);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    /// <summary>Beyond the rank every covariance has one variance; without a rank it has none twice.</summary>
    [Fact]
    public void Fit_OfALowRank_LevelsTheOtherVariancesOfEachCovariance()
    {
        foreach (int? rank in new int?[] { 2, null })
        {
            GaussianMixture mixture = ExpectationMaximization.Fit(ShrinkageTests.Points(300, 5, 4), 3, seed: 1, rank: rank).Mixture;
            double[] covariance = new double[25];
            for (int k = 0; k < mixture.Components; k++)
            {
                mixture.Shapes.Covariance(k, covariance);
                double[] variances = [.. MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(5, 5, covariance)
                    .Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues.Select(v => v.Real).OrderDescending()];
                Assert.True(variances[1] > 1.01 * variances[2]);
                Assert.Equal(rank is not null, variances[2] - variances[4] < Tolerances.ReferenceRelative);
            }
        }
    }

    [Fact]
    public void Fit_OfOneComponentAndRank_IsTheGaussianOfThatRank()
    {
        PointSet training = ShrinkageTests.Points(50, 5, 4);
        double[] x = ShrinkageTests.Points(9, 5, 1).Values, expected = new double[x.Length], actual = new double[x.Length];
        GaussianDenoiser.FitLowRank(training, 2).Denoise(x, new Sweep.Diffusion.Schedules.NoiseLevel(1, 0.5), expected);
        ExpectationMaximization.Fit(training, 1, seed: 1, rank: 2).CreateDenoiser().Denoise(x, new Sweep.Diffusion.Schedules.NoiseLevel(1, 0.5), actual);
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Fit_OfOneComponent_IsTheMeanAndCovariance()
    {
        PointSet training = Bimodal(50, 2);
        MixtureFit fit = ExpectationMaximization.Fit(training, 1, seed: 1);
        double[] mean = [.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(0, 50).Average(i => training.Row(i)[j]))], covariance = new double[4];
        fit.Mixture.Shapes.Covariance(0, covariance);

        Assert.True(fit.Converged);
        Assert.Equal(mean, fit.Mixture.Means.ToArray(), (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
        Assert.Equal(Enumerable.Range(0, 50).Average(i => (training.Row(i)[0] - mean[0]) * (training.Row(i)[1] - mean[1])), covariance[1],
            Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Fit_OfRing8_FindsItsGaussians()
    {
        IDataset ring = DatasetUnderTest.Create("gmm-ring");
        PointSet training = ring.Draw(new SplitSizes(4000, 0, 0, 0), 2).Training;
        MixtureFit fit = ExpectationMaximization.Fit(training, 8, seed: 3);
        double[] nats = new double[4000];
        ring.Density!.LogDensity(training.Values, nats);

        Assert.True(fit.Converged);
        Assert.Equal(8, fit.Mixture.Components);
        Assert.All(fit.Mixture.Weights, w => Assert.InRange(w, 0.1, 0.15));

        // 47 free parameters overfit by about 47 / (2 * 4000) nats a point: between no gain and three times that.
        Assert.InRange(fit.LogLikelihoods[^1] - nats.Average(), 0, 0.018);
    }

    [Fact]
    public void Fit_WhenPointsLieOnALine_KeepsTheFloor()
    {
        PointSet line = new([.. Bimodal(30, 1).Values.SelectMany(v => new[] { v, 2 * v })], 2);
        MixtureFit fit = ExpectationMaximization.Fit(line, 2, seed: 1, relativeFloor: 1e-4);
        double floor = 1e-4 * line.Values.Where((_, i) => i % 2 == 0).Select(v => v - (line.Values.Where((_, i) => i % 2 == 0).Average()))
            .Average(v => v * v) * 5 / 2;
        double[] c = new double[4];
        for (int k = 0; k < fit.Mixture.Components; k++)
        {
            fit.Mixture.Shapes.Covariance(k, c);
            double trace = c[0] + c[3], determinant = (c[0] * c[3]) - (c[1] * c[2]);
            double smallest = 2 * determinant / (trace + Math.Sqrt((trace * trace) - (4 * determinant)));
            Assert.Equal(1, smallest / floor, Tolerances.FiniteDifference);
        }
    }

    [Fact]
    public void Fit_WhenTheSeedIsTheSame_GivesTheSameBits() =>
        Assert.Equal(
            ExpectationMaximization.Fit(Bimodal(80, 2), 4, seed: 5).Mixture.Means.ToArray(),
            ExpectationMaximization.Fit(Bimodal(80, 2), 4, seed: 5).Mixture.Means.ToArray());

    [Fact]
    public void Fit_WhenThePointsAreTooFew_SaysWhatIsAllowed()
    {
        Assert.Equal("components: 3; allowed: at most 2, the number of distinct training points", Message([0, 0, 1, 1, 0], 3));
        Assert.Equal("mixture fit: 2 equal points; allowed: points that vary", Message([4, 4], 1));

        static string Message(double[] points, int components) =>
            Assert.Throws<KindException>(() => ExpectationMaximization.Fit(new PointSet(points, 1), components, 1)).Message;
    }
}
