using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Numerics;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class EquiprobableBinsTests
{
    private static readonly GaussianMixture Line = GaussianMixture.Isotropic([0.3, 0.7], [-1.2, 0.6], [0.2, 0.3]);

    /// <summary>Computed with NumPy's histogram of SciPy 1.10.1's normal distribution functions; 26 bins are empty.</summary>
    [Fact]
    public void Kl_WhenTheSamplesAreAnotherDistributions_IsWhatSciPyFinds() =>
        Assert.Equal(0.4681196323457149, Measure(Line).Kl(Quantiles(10_000, 0.5, 0.4)), Tolerances.Divergence);

    [Fact]
    public void Kl_WhenTheSamplesAreTheTruthsQuantiles_IsZero() =>
        Assert.Equal(0, Measure(GaussianMixture.Isotropic([1], [0.3], [0.7])).Kl(Quantiles(4000, 0.3, 0.7)), Tolerances.Divergence);

    [Fact]
    public void Kl_WhenTheSamplesAreOnePoint_IsTheMost() =>
        Assert.Equal(Math.Log(100), Measure(Line).Kl([1e9, 1e8, 1e100]), Tolerances.Divergence);

    [Fact]
    public void Kl_WhenTheSamplesAreTrueDraws_IsTheSamplingError()
    {
        const int Samples = 4096, Draws = 50;
        double mean = 0;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.TestPoints);
            var values = new double[Samples];
            Line.Sample(ref stream, values);
            mean += Measure(Line).Kl(values) / Draws;
        }

        Assert.Equal(99.0 / (2 * Samples), mean, Tolerances.DivergenceOfDraws);
    }

    [Fact]
    public void For_WhenTheDistributionFunctionIsNotKnown_IsNothing()
    {
        Assert.Null(EquiprobableBins.For(null));
        Assert.Null(EquiprobableBins.For(GaussianMixture.Isotropic([1], [0, 0], [1])));
    }

    [Fact]
    public void For_WhenTheDensityIsAProductOfOneFactor_KnowsIt()
    {
        IDataset product = DatasetUnderTest.Create("gmm-product", """{"dimensions": 1}""");
        double[] draws = DatasetUnderTest.Sample(product, 4096);
        Assert.InRange(EquiprobableBins.For(product.Density)!.Kl(draws), 0.005, 0.02);
    }

    private static EquiprobableBins Measure(GaussianMixture truth) => EquiprobableBins.For(truth)!;

    private static double[] Quantiles(int count, double mean, double std) =>
        [.. Enumerable.Range(0, count).Select(i => mean + (std * StandardNormal.Quantile((i + 0.5) / count)))];
}
