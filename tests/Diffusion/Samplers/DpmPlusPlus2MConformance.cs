using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DpmPlusPlus2MConformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new DpmPlusPlus(2);

    protected override int Order => 2;
}
