using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DdimTests : FlowSamplerConformance
{
    protected override ISampler Sampler => new Ddim();

    protected override int Order => 1;

    [Fact]
    public void Sample_WhenDataAreGaussianOnKarrasLevels_EndsAtTheEulerValue()
    {
        // Data N(0, 0.25), probability flow from N(0, 80^2) over 18 Euler steps: final standard deviation by NumPy in float64.
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(18);
        double last = Sampler.Sample(new GaussianDenoiser(0.5, 1), grid, [80.0], new StreamNoise(1)).Last().X[0];
        Assert.Equal(0.4230314364079776, last, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Sample_WhenEtaIsOne_EqualsDdpm()
    {
        IReadOnlyList<NoiseLevel> grid = new VpLinear().NativeGrid(100);
        double[] initial = Noise(16, 1);
        double[] ddim = new Ddim(1).Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        double[] ddpm = new Ddpm().Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        for (int i = 0; i < ddim.Length; i++)
            Assert.Equal(ddpm[i], ddim[i], Tolerances.ReferenceRelative);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Constructor_WhenEtaIsOutside_SaysWhatIsAllowed(double eta)
    {
        var error = Assert.Throws<KindException>(() => new Ddim(eta));
        Assert.Contains("allowed: 0 to 1", error.Message, StringComparison.Ordinal);
    }
}
