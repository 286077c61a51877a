using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Diagnostics;

/// <summary>The sampler of an error decomposition, which compares path by path: the trial's own where it is deterministic, else the deterministic one of its kind.</summary>
internal static class FlowSampler
{
    /// <returns>The sampler, and what it is called where it is not the trial's own.</returns>
    public static (ISampler Sampler, string? InPlace) Of(KindSpec kind)
    {
        var values = new ParameterValues(kind.Parameters);
        return kind.Kind switch
        {
            "ddpm" => (new Ddim(), "ddim with eta 0"),
            "ddim" when values.Real("eta") > 0 => (new Ddim(), "ddim with eta 0"),
            "edm-stochastic" when values.Real("s_churn") > 0 => (new Heun(), "heun"),
            _ => (TrialKinds.Create(SamplerKinds.Registry, kind), null),
        };
    }
}
