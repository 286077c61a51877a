using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DdimFullEtaConformance : SamplerConformance
{
    protected override ISampler Sampler => new Ddim(eta: 1);
}
