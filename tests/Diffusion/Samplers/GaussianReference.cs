using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>Data N(0, 0.25) sampled from one standard deviation of N(0, 80^2) in 18 steps.</summary>
internal static class GaussianReference
{
    public static double FinalStd(ISampler sampler, string grid)
    {
        var values = new ParameterValues(new System.Text.Json.Nodes.JsonObject { ["rho"] = 7 });
        IReadOnlyList<NoiseLevel> levels = GridKinds.Registry.Create(grid, values).Levels(new EdmKarras(), 18);
        return sampler.Sample(new GaussianDenoiser(0.5, 1), levels, [80.0], new StreamNoise(1)).Last().X[0];
    }
}
