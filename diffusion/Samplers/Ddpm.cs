using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// DDPM's ancestral sampler: each step draws from the Gaussian posterior q(x_t | x_s, x0) at x0 = x0-hat, with the posterior variance
/// beta-tilde (Ho et al., arXiv 2006.11239, eq. 6 and 7; for any alpha and sigma: Kingma et al., arXiv 2107.00630, appendix A.4). The step
/// to a clean level adds no noise.
/// </summary>
public sealed class Ddpm : LinearStepSampler
{
    public static Kind<ISampler> Kind { get; } = new(
        "ddpm", "ancestral sampling with the posterior variance", [], _ => new Ddpm());

    /// <inheritdoc/>
    public override DeterministicTwin Twin => Ddim.Deterministic;

    protected override StepWeights Weights(NoiseLevel from, NoiseLevel to)
    {
        (double posteriorVariance, double conditional, double ratio) = Posterior(from, to);
        double fromVariance = from.Noise * from.Noise;
        return new StepWeights(
            ratio * to.Noise * to.Noise / fromVariance, to.Signal * conditional / fromVariance, Math.Sqrt(posteriorVariance));
    }

    /// <summary>
    /// The variance of q(x_t | x_s, x0), that of q(x_s | x_t), and alpha_s / alpha_t; s is <paramref name="from"/>, the noisier.
    /// </summary>
    internal static (double PosteriorVariance, double ConditionalVariance, double SignalRatio) Posterior(NoiseLevel from, NoiseLevel to)
    {
        double ratio = from.Signal / to.Signal;
        double fromVariance = from.Noise * from.Noise;
        double conditional = fromVariance - (ratio * ratio * to.Noise * to.Noise);
        return (conditional * to.Noise * to.Noise / fromVariance, conditional, ratio);
    }
}
