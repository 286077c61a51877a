using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Samplers;

/// <summary>Every sampler a spec may name.</summary>
public static class SamplerKinds
{
    public static KindRegistry<ISampler> Registry { get; } =
        new("sampler", Ddpm.Kind, Ddim.Kind, Euler.Kind, Heun.Kind, EdmStochastic.Kind, DpmPlusPlus.Kind2M, DpmPlusPlus.Kind3M, DpmSolverV3.Kind, UniPc.Kind);
}
