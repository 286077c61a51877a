using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class EdmStochasticTests : SamplerConformance
{
    protected override ISampler Sampler => new EdmStochastic();

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
