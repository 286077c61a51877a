using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

/// <summary>
/// Expected values: recomputed with SciPy 1.10.1 (logsumexp) in float64 for the equal mixture of 8 isotropic Gaussians on the unit circle, sd 0.08.
/// </summary>
public sealed class GaussianMixtureTests
{
    private static readonly double[] Points = [0, 0, 0.9, 0.1, -0.3, 0.7, 2, -1];

    [Fact]
    public void LogDensity_OfRing8_MatchesTheReference()
    {
        double[] nats = new double[4], scores = new double[8];
        Ring8().LogDensityAndScore(Points, nats, scores);

        AssertClose([-74.91141977779284, -0.42836131947258793, -11.533187177319483, -136.15955763242545], nats);
        AssertClose([0, 0, 15.624999999996271, -15.624999999991008, -36.23326177389626, 12.450430827998714, -202.01456517173838, 45.76456608627788], scores);
    }

    [Fact]
    public void Noised_OfRing8WithStd05_MatchesTheReference()
    {
        double[] nats = new double[4], scores = new double[8];
        Ring8().Noised(new NoiseLevel(1, 0.5)).LogDensityAndScore(Points, nats, scores);

        AssertClose([-2.4269385155938483, -2.0001975703709474, -1.9970362578894583, -5.488789119345647], nats);
        AssertClose(
            [0, 0, -0.23931052380234016, -0.03257400480799966, -0.07027008594080718, 0.16314815069879612, -4.629708669028517, 2.194985014761768], scores);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.6, 0.8)]
    [InlineData(1, 80)]
    public void Noised_WhenCovariancesAreFull_AgreesWithTheIsotropicPath(double signal, double noise)
    {
        GaussianMixture ring = Ring8();
        double[] covariances = Enumerable.Range(0, 8 * 4).Select(i => i % 4 is 0 or 3 ? 0.08 * 0.08 : 0).ToArray();
        var full = GaussianMixture.Full(ring.Weights.ToArray(), ring.Means.ToArray(), covariances);
        double[] a = new double[4], b = new double[4], scoreA = new double[8], scoreB = new double[8];
        ring.Noised(new NoiseLevel(signal, noise)).LogDensityAndScore(Points, a, scoreA);
        full.Noised(new NoiseLevel(signal, noise)).LogDensityAndScore(Points, b, scoreB);

        AssertClose(a, b);
        AssertClose(scoreA, scoreB);
    }

    /// <summary>
    /// Blocks, registers and groups of components that don't come out even; points near and 1e4 standard deviations off; numbers that are none.
    /// </summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 64)]
    [InlineData(2, 8, 71)]
    [InlineData(3, 5, 130)]
    [InlineData(4, 4, 15)]
    [InlineData(6, 9, 65)]
    [InlineData(8, 8, 129)]
    [InlineData(16, 2, 33)]
    public void LogDensityAndScore_OfAnIsotropicMixture_AgreeWithTheFullPathAndAmongVectorPaths(int dimensions, int components, int count)
    {
        var stream = new PhiloxStream((ulong)dimensions, NoisePurpose.DatasetDefinition);
        double[] means = new double[components * dimensions], points = new double[count * dimensions];
        stream.FillNormal(means);
        stream.FillNormal(points);
        for (int i = 0; i < points.Length; i += 7)
            points[i] *= 1e3;
        double[] stds = [.. Enumerable.Range(0, components).Select(k => 0.1 * (k + 1))], weights = [.. Enumerable.Range(1, components).Select(k => (double)k)];
        double[] covariances = new double[means.Length * dimensions];
        for (int k = 0; k < components; k++)
        {
            for (int j = 0; j < dimensions; j++)
                covariances[(((k * dimensions) + j) * dimensions) + j] = stds[k] * stds[k];
        }

        double[] expected = new double[count], expectedScores = new double[points.Length];
        GaussianMixture.Full(weights, means, covariances).LogDensityAndScore(points, expected, expectedScores);
        double[] odd = [.. points];
        odd[^1] = double.NegativeInfinity;
        odd[0] = count == 1 ? odd[0] : 1e200;
        double[]? first = null;
        foreach (VectorPath path in Enum.GetValues<VectorPath>().Where(VectorPaths.Supports))
        {
            var mixture = GaussianMixture.Isotropic(weights, means, stds, path);
            double[] nats = new double[count], alone = new double[count], scores = new double[points.Length], oddNats = new double[count],
                oddScores = new double[points.Length];
            mixture.LogDensityAndScore(points, nats, scores);
            mixture.LogDensity(points, alone);
            mixture.LogDensityAndScore(odd, oddNats, oddScores);

            AssertClose(expected, nats);
            AssertClose(expectedScores, scores);
            Assert.Equal(nats, alone);
            Assert.True(double.IsNaN(oddNats[^1]) && double.IsNaN(oddScores[^1]));
            Assert.All(oddNats[..^1], n => Assert.True(double.IsFinite(n)));
            double[] all = [.. nats, .. scores, .. oddNats, .. oddScores];
            first ??= all;
            Assert.Equal(first.Select(BitConverter.DoubleToInt64Bits), all.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    /// <summary>Blocks, registers and groups of components that don't come out even; points near and 1e3 standard deviations off.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 64)]
    [InlineData(2, 8, 4096)]
    [InlineData(2, 9, 257)]
    [InlineData(3, 5, 130)]
    [InlineData(4, 4, 15)]
    [InlineData(6, 17, 65)]
    [InlineData(8, 8, 300)]
    [InlineData(16, 2, 33)]
    public void TryLogDensity_Always_AgreesWithDoublePrecisionAndAmongVectorPaths(int dimensions, int components, int count)
    {
        var stream = new PhiloxStream((ulong)dimensions, NoisePurpose.DatasetDefinition);
        double[] means = new double[components * dimensions], points = new double[count * dimensions];
        stream.FillNormal(means);
        stream.FillNormal(points);
        for (int i = 0; i < points.Length; i += 7)
            points[i] *= 1e2;
        float[] narrow = Array.ConvertAll(points, p => (float)p);
        points = Array.ConvertAll(narrow, p => (double)p);

        // Means and standard deviations that fp32 has exactly: their rounding is not what is tested.
        means = Array.ConvertAll(means, m => (double)(float)m);
        double[] stds = [.. Enumerable.Range(0, components).Select(k => 0.125 * (k + 1))],
            weights = [.. Enumerable.Range(1, components).Select(k => (double)k)];
        double[] expected = new double[count];
        GaussianMixture.Isotropic(weights, means, stds).LogDensity(points, expected);
        float[]? first = null;
        foreach (VectorPath path in Enum.GetValues<VectorPath>().Where(VectorPaths.Supports))
        {
            float[] nats = new float[count];
            Assert.True(GaussianMixture.Isotropic(weights, means, stds, path).TryLogDensity(narrow, nats));

            Assert.All(expected.Zip(nats), pair => Assert.Equal(pair.First, pair.Second, Tolerances.SingleLogDensity * (1 + Math.Abs(pair.First))));
            first ??= nats;
            Assert.Equal(first.Select(BitConverter.SingleToInt32Bits), nats.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void TryLogDensity_WhenAnAnswerIsNotFinite_IsFalse(float bad)
    {
        float[] points = [.. Enumerable.Range(0, 600).Select(i => MathF.Sin(i))], nats = new float[300], whole = new float[300], last = new float[1];
        Assert.True(Ring8().TryLogDensity(points, whole));
        Assert.True(Ring8().TryLogDensity(points.AsSpan()[^2..], last));
        Assert.Equal(whole[^1], last[0]);
        foreach (int at in new[] { 0, 77, 599 })
        {
            float[] spoilt = [.. points];
            spoilt[at] = bad;

            Assert.False(Ring8().TryLogDensity(spoilt, nats));
        }
    }

    [Fact]
    public void TryLogDensity_WhenCovariancesAreFull_IsFalse() =>
        Assert.False(GaussianMixture.Full([1], [0, 0], [1, 0.5, 0.5, 1]).TryLogDensity([0f, 0f], new float[1]));

    [Fact]
    public void LogDensity_OfAnIsotropicMixture_IsRightToTheLastBits()
    {
        // Long-hand with 40 digits (mpmath 1.2.1): three components in two dimensions.
        var mixture = GaussianMixture.Isotropic([0.2, 0.3, 0.5], [0, 0, 1, -1, 3, 0.25], [0.5, 0.125, 2]);
        double[] nats = new double[4];
        mixture.LogDensity([0.1, -0.2, 1, -1, 100, 50, 0.7, -0.6], nats);

        double[] expected = [-2.1038425976341006, 1.1210365077482114, -1489.425131108089, -3.391211934613556];
        Assert.All(expected.Zip(nats), pair => Assert.Equal(pair.First, pair.Second, Tolerances.LastBits * (1 + Math.Abs(pair.First))));
    }

    [Fact]
    public void LogDensity_OfAProduct_AgreesWithItsExpansionIntoOneMixture()
    {
        IDataset dataset = DatasetUnderTest.Create("gmm-product", """{"dimensions": 5, "condition": 10, "definition_seed": 3}""");
        var product = (ProductMixture)dataset.Density!;
        GaussianMixture mixture = product.Expand()!;
        double[] points = DatasetUnderTest.Sample(dataset, 50);
        double[] a = new double[50], b = new double[50], scoreA = new double[250], scoreB = new double[250];
        product.LogDensity(points, a);
        product.Score(points, scoreA);
        mixture.LogDensityAndScore(points, b, scoreB);

        AssertClose(a, b);
        AssertClose(scoreA, scoreB);
    }

    [Fact]
    public void Modes_OfAProduct_AgreeWithThoseOfItsExpansion()
    {
        IDataset dataset = DatasetUnderTest.Create("gmm-product", """{"dimensions": 5, "condition": 10}""");
        GaussianMixture mixture = ((ProductMixture)dataset.Density!).Expand()!;
        double[] points = DatasetUnderTest.Sample(dataset, 200);
        int[] a = new int[200], b = new int[200];
        double[] distanceA = new double[200], distanceB = new double[200];
        dataset.Modes!.Assign(points, a, distanceA);
        new ComponentModes(mixture).Assign(points, b, distanceB);

        Assert.Equal(a, b);
        AssertClose(distanceA, distanceB);
        AssertClose(mixture.Weights.ToArray(), dataset.Modes.Weights.ToArray());
    }

    [Fact]
    public void Modes_OfAProductWithMoreThan4096Combinations_AreNull()
    {
        Assert.NotNull(DatasetUnderTest.Create("gmm-product", """{"dimensions": 10}""").Modes);
        IDataset large = DatasetUnderTest.Create("gmm-product", """{"dimensions": 11}""");

        Assert.Null(large.Modes);
        Assert.Null(((INoisableDensity)large.Density!).Noised(new NoiseLevel(1, 1)));
    }

    [Fact]
    public void Full_WhenACovarianceIsSingular_Throws() =>
        Assert.Throws<ArgumentException>(() => GaussianMixture.Full([1], [0, 0], [1, 1, 1, 1]));

    private static GaussianMixture Ring8() => (GaussianMixture)DatasetUnderTest.Create("gmm-ring").Density!;

    /// <summary>Relative to 1 + |expected|: near a zero of the score (the ring's centre) 1e4 times the rounding of its terms cancels.</summary>
    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerances.ReferenceRelative * (1 + Math.Abs(pair.First))));
    }
}
