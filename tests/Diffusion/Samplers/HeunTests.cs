using Sweep.Diffusion.Samplers;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class HeunTests : FlowSamplerConformance
{
    protected override ISampler Sampler => new Heun();

    protected override int Order => 2;

    protected override int Evaluations(int steps) => (2 * steps) - 1;

    /// <summary>Data N(0, 0.25), probability flow from N(0, 80^2) over 18 steps: final standard deviation by NumPy in float64.</summary>
    [Theory]
    [InlineData("karras", 0.5276246370010472)]
    [InlineData("geometric", 0.5286687472145745)]
    public void Sample_WhenDataAreGaussian_EndsAtTheReference(string grid, double expected) =>
        Assert.Equal(expected, GaussianReference.FinalStd(Sampler, grid), Tolerances.ReferenceRelative);
}
