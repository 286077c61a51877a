using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>What Gaussianization is for: where sources are independent, normal noise mapped back is a sample of the data.</summary>
public sealed class GaussianizeTests
{
    private const int TrainingPoints = 20_000;
    private const int Samples = 4096;

    [Theory]
    [InlineData("ica4", 1)]
    [InlineData("ica4", 2)]
    [InlineData("ica4", 3)]
    [InlineData("grid9", 1)]
    [InlineData("grid9", 2)]
    [InlineData("grid9", 3)]
    public void Inverse_OfNormalNoise_ReachesTheTruthLevelOfProductMixtures(string name, ulong seed)
    {
        var mixture = MixedSources.Named(name);
        var fitted = Fit("gaussianize", mixture.Draw(TrainingPoints, seed), seed);
        double[] truth = mixture.Draw(Samples, 98).Values;

        double[] samples = MapBack(fitted, mixture.Dimensions, seed);

        Assert.True(fitted.Diagnostics.Converged);
        Assert.Equal(mixture.MeanLogDensity(truth), mixture.MeanLogDensity(samples), Tolerances.TruthLevelNats);
        double[] test = mixture.Draw(Samples, 99).Values;
        double truthLevel = Energy(test, truth, mixture.Dimensions);
        Assert.InRange(Energy(test, samples, mixture.Dimensions), double.NegativeInfinity, Math.Max(truthLevel, 0) + Tolerances.EnergyOfTruth);
    }

    [Fact]
    public void Inverse_WithSilvermansBandwidth_FillsTheGapsBetweenModes()
    {
        var mixture = MixedSources.Named("grid9");
        var training = mixture.Draw(TrainingPoints, 1);

        double silverman = mixture.MeanLogDensity(MapBack(Fit("gaussianize", training, 1, """{"bandwidth":"silverman"}"""), 2, 1));
        double half = mixture.MeanLogDensity(MapBack(Fit("gaussianize", training, 1), 2, 1));

        Assert.True(half - silverman > 0.5, $"half of isj {half}, silverman {silverman}");
    }

    [Fact]
    public void LogAbsDeterminant_WithTheNormalDensity_IsTheHeldOutDensityOfTheData()
    {
        var mixture = MixedSources.Named("ica4");
        var fitted = Fit("gaussianize", mixture.Draw(TrainingPoints, 1), 1);
        double[] heldOut = mixture.Draw(Samples, 98).Values;

        double estimated = MeanLogDensity(fitted, heldOut, 4);

        double truth = mixture.MeanLogDensity(heldOut);
        Assert.InRange(estimated, truth - Tolerances.TruthLevelNats, truth + Tolerances.SampledNats);
    }

    /// <summary>
    /// A ring of eight modes is no mixture of independent sources: one layer can't reach it, more come closer, on points not fitted too. (Kernel tails in every
    /// layer would throw held-out points out exponentially: -1e11 nats after six.)
    /// </summary>
    [Theory]
    [InlineData("ica")]
    [InlineData("random")]
    public void Fit_WithMoreLayers_ComesCloserToARing(string rotation)
    {
        var training = Ring(10_000, 1);
        var heldOut = Ring(Samples, 2);
        double[] nats = [.. new[] { 1, 3, 10 }.Select(layers => MeanLogDensity(
            Fit("gaussianize", training, 1, $$"""{"rotation":"{{rotation}}","layers":{{layers}}}"""), heldOut.Values, 2))];
        Assert.True(nats[1] > nats[0] + 0.2 && nats[2] > nats[1] + 0.02, $"one layer {nats[0]}, three {nats[1]}, ten {nats[2]}");
    }

    [Theory]
    [InlineData("standardize")]
    [InlineData("whiten")]
    [InlineData("ica")]
    [InlineData("marginal")]
    [InlineData("gaussianize")]
    public void Fit_OfAConstantColumn_NamesIt(string kind)
    {
        var e = Assert.Throws<PreprocessingException>(() => Fit(kind, new PointSet([1, 7.5, 2, 7.5, 4, 7.5, 9, 7.5], 2), 1));
        Assert.StartsWith("column 1 (of 2, from 0) is constant in the 4 training points: 7.5; allowed:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OfOnePoint_Says()
    {
        var e = Assert.Throws<PreprocessingException>(() => Fit("marginal", new PointSet([1, 2], 2), 1));
        Assert.Equal("too few training points: 1; allowed: at least 2", e.Message);
    }

    [Fact]
    public void Fit_OfTwoPoints_IsStillInvertible()
    {
        var fitted = Fit("marginal", new PointSet([1, 3], 1), 1);
        double[] x = [-100, 1, 1.5, 2, 3, 1e6];
        var back = new double[x.Length];
        fitted.Forward(x, back);
        fitted.Inverse(back, back);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(x[i], back[i], Tolerances.RoundTrip * (1 + Math.Abs(x[i])));
    }

    [Fact]
    public void Diagnostics_OfGapsAndTies_NameTheComponent()
    {
        var stream = new PhiloxStream(1, NoisePurpose.TrainingPoints);
        var x = new double[2000];
        for (int i = 0; i < x.Length; i += 2)
        {
            x[i] = stream.NextNormal();
            x[i + 1] = stream.NextInt(3);
        }

        var warnings = Fit("marginal", new PointSet(x, 2), 1).Diagnostics.Warnings;

        Assert.Contains(warnings, w => w.StartsWith("layer 0, component 1: the improved Sheather-Jones rule has no bandwidth", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("layer 0, component 1: modes too far apart", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, w => w.Contains("component 0", StringComparison.Ordinal));
    }

    /// <summary>The bound on a plateau's slope is 1e-5, so the inverse is at most 1e5 times as steep as a normal column's.</summary>
    [Fact]
    public void Diagnostics_WhenModesAreFarApart_SayHowSteepTheInverseIs()
    {
        var stream = new PhiloxStream(1, NoisePurpose.TrainingPoints);
        double[] near = new double[2000], far = new double[2000];
        for (int i = 0; i < near.Length; i++)
        {
            near[i] = stream.NextNormal();
            far[i] = (0.01 * stream.NextNormal()) + stream.NextInt(2);
        }

        Assert.Equal(
            "The inverse is ill-conditioned: where hardly any points lie between modes, a latent error of 0.001 moves a point by up to 100 standard "
                + "deviations.",
            Fit("marginal", new PointSet(far, 1), 1).Diagnostics.Warnings[^1]);
        Assert.Empty(Fit("marginal", new PointSet(near, 1), 1).Diagnostics.Warnings);
        Assert.Contains(Fit("gaussianize", new PointSet(far, 1), 1, """{"layers": 3, "rotation": "pca"}""").Diagnostics.Warnings,
            w => w.Contains("ill-conditioned", StringComparison.Ordinal));
    }

    private static FittedPreprocessing Fit(string kind, PointSet training, ulong seed, string parameters = "{}") =>
        (FittedPreprocessing)PreprocessingTestKinds.Create(kind, parameters).Fit(training, seed, TestContext.Current.CancellationToken);

    private static double[] MapBack(FittedPreprocessing fitted, int dimensions, ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.InitialNoise);
        var z = new double[Samples * dimensions];
        stream.FillNormal(z);
        fitted.Inverse(z, z);
        return z;
    }

    /// <summary>Mean of log N(Forward(x)) + log|det J|.</summary>
    private static double MeanLogDensity(FittedPreprocessing fitted, double[] x, int dimensions)
    {
        var nats = new double[x.Length / dimensions];
        fitted.LogAbsDeterminant(x, nats);
        var z = new double[x.Length];
        fitted.Forward(x, z);
        return nats.Average() - (z.Sum(v => v * v) / (2 * nats.Length)) - (0.5 * dimensions * Math.Log(2 * Math.PI));
    }

    private static PointSet Ring(int n, ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.TestPoints);
        var x = new double[2 * n];
        for (int i = 0; i < n; i++)
        {
            (double sin, double cos) = Math.SinCos(Math.PI / 4 * stream.NextInt(8));
            x[2 * i] = cos + (0.1 * stream.NextNormal());
            x[(2 * i) + 1] = sin + (0.1 * stream.NextNormal());
        }

        return new PointSet(x, 2);
    }

    /// <summary>Unbiased energy distance of the first 1000 rows of each.</summary>
    private static double Energy(double[] a, double[] b, int dimensions)
    {
        const int n = 1000;
        double Sum(double[] p, double[] q)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double square = 0;
                    for (int k = 0; k < dimensions; k++)
                        square += (p[(i * dimensions) + k] - q[(j * dimensions) + k]) * (p[(i * dimensions) + k] - q[(j * dimensions) + k]);
                    sum += Math.Sqrt(square);
                }
            }

            return sum;
        }

        return (2 * Sum(a, b) / n / n) - (Sum(a, a) / n / (n - 1)) - (Sum(b, b) / n / (n - 1));
    }
}
