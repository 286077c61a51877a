using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class UniPc3LowerOrderFinalConformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new UniPc(3);

    // The step to clean takes x0-hat at a point that a second-order predictor reached.
    protected override int Order => 3;
}
