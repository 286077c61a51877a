using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class GaussianDenoiserTests : ReferenceDenoiserConformance
{
    protected override IDenoiser Create(PointSet training) => GaussianDenoiser.Fit(training);

    protected override (double[] Nodes, double[] Weights) Prior(PointSet training)
    {
        (double mean, double variance) = Moments(training);
        return Grid(v => Normal(v, mean, variance));
    }

    [Fact]
    public void Denoise_InSeveralDimensions_IsTheExactDenoiserOfThatGaussian()
    {
        PointSet training = Bimodal(40, 3);
        double[] mean = [.. Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 40).Average(i => training.Values[(3 * i) + j]))];
        double[] covariance = [.. Enumerable.Range(0, 9)
            .Select(e => Enumerable.Range(0, 40).Average(i => (training.Row(i)[e / 3] - mean[e / 3]) * (training.Row(i)[e % 3] - mean[e % 3])))];
        var exact = new ExactDenoiser(GaussianMixture.Full([1], mean, covariance));
        double[] x = Bimodal(9, 3).Values, expected = new double[x.Length], actual = new double[x.Length];
        foreach (NoiseLevel level in new NoiseLevel[] { new(1, 0.2), new(0.7, 0.5) })
        {
            exact.Denoise(x, level, expected);
            GaussianDenoiser.Fit(training).Denoise(x, level, actual);

            Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
        }
    }

    [Fact]
    public void Denoise_WhenPointsLieOnALine_ProjectsOntoIt()
    {
        PointSet line = new([.. Bimodal(30, 1).Values.SelectMany(v => new[] { v, 2 * v, 1 })], 3);
        double[] result = new double[3];
        GaussianDenoiser.Fit(line).Denoise([0.3, -0.4, 9], new NoiseLevel(1, 1e-4), result);

        Assert.Equal(2 * result[0], result[1], Tolerances.ReferenceRelative);
        Assert.Equal(1, result[2], Tolerances.ReferenceRelative);
        Assert.Equal((0.3 - 0.8) / 5, result[0], Tolerances.OverwhelmingNoise);
    }

    /// <summary>Of the sample covariance's eigenvalues the largest stay, and the others have their mean: Tipping and Bishop's closed form.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void FitLowRank_OfPoints_KeepsTheLargestVariancesAndLevelsTheRest(int rank)
    {
        PointSet points = ShrinkageTests.Points(60, 5, 4);
        double[] all = [.. GaussianDenoiser.Fit(points).Variances.ToArray().OrderDescending()];
        double[] held = [.. GaussianDenoiser.FitLowRank(points, rank).Variances.ToArray().OrderDescending()];
        int kept = rank >= 4 ? 5 : rank;
        Assert.Equal(all[..kept], held[..kept], (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
        Assert.All(held[kept..], v => Assert.Equal(all[kept..].Average(), v, Tolerances.ReferenceRelative));
    }

    [Fact]
    public void LevelBeyond_OfEqualVariances_KeepsAsManyAsTheRank()
    {
        double[] variances = [1, 2, 3, 2, 2, 0];
        GaussianDenoiser.LevelBeyond(variances, 2);
        Assert.Equal([1.25, 2, 3, 1.25, 1.25, 1.25], variances);
    }

    [Fact]
    public void FitShrunk_OfPoints_DrawsVariancesTogetherByTheShareAndKeepsTheirSum()
    {
        PointSet points = ShrinkageTests.Points(12, 5, 3);
        (double[] mean, var covariance) = ShrinkageTests.Moments(points);
        double share = Shrinkage.Share(points, mean, covariance), level = covariance.Trace() / 5;
        double[] own = GaussianDenoiser.Fit(points).Variances.ToArray(), shrunk = GaussianDenoiser.FitShrunk(points).Variances.ToArray();
        Assert.InRange(share, 0.05, 0.9);
        Assert.All(own.Zip(shrunk), v => Assert.Equal(level + ((1 - share) * (v.First - level)), v.Second, Tolerances.ReferenceRelative));
        Assert.Equal(own.Sum(), shrunk.Sum(), Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Fit_WithoutPoints_SaysWhatIsAllowed() =>
        Assert.Contains("training points: 0; allowed: at least 1", Assert.Throws<ArgumentException>(() => GaussianDenoiser.Fit(new PointSet([], 2))).Message,
            StringComparison.Ordinal);
}
