using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class EulerTests : FlowSamplerConformance
{
    protected override ISampler Sampler => new Euler();

    protected override int Order => 1;

    /// <summary>Data N(0, 0.25), probability flow from N(0, 80^2) over 18 steps: final standard deviation by NumPy in float64.</summary>
    [Theory]
    [InlineData("karras", 0.4230314364079776)]
    [InlineData("geometric", 0.4278430190622269)]
    public void Sample_WhenDataAreGaussian_EndsAtTheReference(string grid, double expected) =>
        Assert.Equal(expected, GaussianReference.FinalStd(Sampler, grid), Tolerances.ReferenceRelative);

    [Fact]
    public void Sample_WhenComparedWithDdim_IsTheSame()
    {
        IReadOnlyList<NoiseLevel> grid = new VpLinear().NativeGrid(30);
        double[] initial = Noise(16, 1);
        double[] ddim = new Ddim().Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X;
        Assert.Equal(ddim, Sampler.Sample(new GaussianDenoiser(0.5, 2), grid, initial, new StreamNoise(7)).Last().X);
    }
}
