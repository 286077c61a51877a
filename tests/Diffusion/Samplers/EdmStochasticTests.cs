using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class EdmStochasticTests : SamplerConformance
{
    protected override ISampler Sampler => new EdmStochastic();

    [Fact]
    public void Sample_WhenDataAreAMixture_HasItsMoments()
    {
        const int samples = 20_000;
        var mixture = new MixtureFlow([0.3, 0.7], [-1.2, 0.6], [0.2, 0.3]);
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(40);
        double[] x = Sampler.Sample(mixture, grid, Noise(samples, 80), new StreamNoise(3)).Last().X;
        double mean = x.Average();
        double std = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / samples);

        // 0.3 (-1.2) + 0.7 (0.6) = 0.06; 0.3 (0.04 + 1.26^2) + 0.7 (0.09 + 0.54^2) = 0.7554.
        Assert.Equal(0.06, mean, Tolerances.SampledStandardDeviation);
        Assert.Equal(Math.Sqrt(0.7554), std, Tolerances.SampledStandardDeviation);
    }

    [Fact]
    public void Sample_WhenThereIsNoChurn_IsHeuns()
    {
        IReadOnlyList<NoiseLevel> grid = new VpCosine().NativeGrid(30);
        double[] initial = Noise(16, 1);
        double[] heun = new Heun().Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        Assert.Equal(heun, new EdmStochastic(churn: 0).Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X);
    }

    [Fact]
    public void Sample_WhenSigmaIsOutsideTheChurnedRange_AddsNoNoise()
    {
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(30);
        double[] initial = Noise(16, 80);
        double[] heun = new Heun().Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        double[] above = new EdmStochastic(40, 100, 200).Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        Assert.Equal(heun, above);
        Assert.NotEqual(heun, new EdmStochastic(40, 1, 200).Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X);
    }

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(double.NaN, 0, 1, 1)]
    public void Constructor_WhenAValueIsOutside_SaysWhatIsAllowed(double churn, double tmin, double tmax, double noiseScale)
    {
        var error = Assert.Throws<KindException>(() => new EdmStochastic(churn, tmin, tmax, noiseScale));
        Assert.Contains("allowed: ", error.Message, StringComparison.Ordinal);
    }
}
