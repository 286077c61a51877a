using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// DDIM (Song, Meng, Ermon, arXiv 2010.02502, eq. 12 and 16): eta = 0 is deterministic, a first-order integrator of the
/// probability-flow ODE; eta = 1 has DDPM's posterior variance.
/// </summary>
public sealed class Ddim : LinearStepSampler
{
    private readonly double _eta;

    public Ddim(double eta = 0)
    {
        if (!(eta >= 0 && eta <= 1))
            throw new KindException($"ddim: eta {eta}; allowed: 0 to 1");
        _eta = eta;
    }

    public static Kind<ISampler> Kind { get; } = new(
        "ddim",
        "non-Markovian sampling, deterministic at eta 0",
        [Parameter.Real("eta", 0, "share of DDPM's noise that each step adds", minimum: 0, maximum: 1)],
        p => new Ddim(p.Real("eta")));

    /// <inheritdoc/>
    public override DeterministicTwin? Twin => _eta > 0 ? Deterministic : null;

    /// <summary>Without noise.</summary>
    internal static DeterministicTwin Deterministic { get; } = new(new Ddim(), "ddim with eta 0");

    protected override StepWeights Weights(NoiseLevel from, NoiseLevel to)
    {
        double added = _eta == 0 ? 0 : _eta * Math.Sqrt(Ddpm.Posterior(from, to).PosteriorVariance);
        double state = Math.Sqrt(Math.Max(0, (to.Noise * to.Noise) - (added * added))) / from.Noise;
        return new StepWeights(state, to.Signal - (state * from.Signal), added);
    }
}
