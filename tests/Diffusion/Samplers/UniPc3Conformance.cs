using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class UniPc3Conformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new UniPc(3, lowerOrderFinal: false);

    protected override int Order => 4;
}
