using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>
/// Equal steps of the log signal-to-noise ratio ln(alpha^2 / noise^2) (Lu et al., arXiv 2206.00927, section 3.3). It is -2 ln sigma, so these are
/// the levels of <see cref="GeometricGrid"/>; both names are in use.
/// </summary>
public sealed class UniformLogSnrGrid : SigmaGrid
{
    public static Kind<IGrid> Kind { get; } =
        new("uniform-log-snr", "equal steps of the log signal-to-noise ratio; the levels of geometric", [], _ => new UniformLogSnrGrid());

    protected override double Sigma(NoiseRange range, double share)
    {
        double least = -2 * Math.Log(range.SigmaMax);
        double most = -2 * Math.Log(range.SigmaMin);
        return Math.Exp(-0.5 * (least + (share * (most - least))));
    }
}
