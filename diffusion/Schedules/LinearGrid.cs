using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>Equal steps of sigma = noise / signal.</summary>
public sealed class LinearGrid : SigmaGrid
{
    public static Kind<IGrid> Kind { get; } = new("linear", "equal steps of sigma", [], _ => new LinearGrid());

    protected override double Sigma(NoiseRange range, double share) => range.SigmaMax + (share * (range.SigmaMin - range.SigmaMax));
}
