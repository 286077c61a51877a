using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DpmPlusPlus3MConformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new DpmPlusPlus(3);

    protected override int Order => 3;
}
