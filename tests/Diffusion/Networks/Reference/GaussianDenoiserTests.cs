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

    [Fact]
    public void Fit_WithoutPoints_SaysWhatIsAllowed() =>
        Assert.Contains("training points: 0; allowed: at least 1", Assert.Throws<ArgumentException>(() => GaussianDenoiser.Fit(new PointSet([], 2))).Message,
            StringComparison.Ordinal);
}
