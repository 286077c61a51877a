using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>Equal ratios of sigma = noise / signal (Song et al., arXiv 2011.13456, appendix C).</summary>
public sealed class GeometricGrid : SigmaGrid
{
    public static Kind<IGrid> Kind { get; } = new("geometric", "equal ratios of sigma", [], _ => new GeometricGrid());

    protected override double Sigma(NoiseRange range, double share) => range.SigmaMax * Math.Pow(range.SigmaMin / range.SigmaMax, share);
}
