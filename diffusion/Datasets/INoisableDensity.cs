using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>A density whose diffused form is known exactly too: what an exact denoiser needs.</summary>
public interface INoisableDensity : IDensity
{
    /// <summary>
    /// The density of Signal x + Noise epsilon, epsilon ~ N(0, I), with x of this density; null when it has too many terms to write down.
    /// </summary>
    IDensity? Noised(NoiseLevel level);
}
