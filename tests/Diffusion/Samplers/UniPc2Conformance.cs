using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class UniPc2Conformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new UniPc(2);

    protected override int Order => 3;
}
