using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Euler's method on the probability-flow ODE in scaled coordinates y = x / alpha: dy/dsigma = (y - x0-hat) / sigma (Karras et al., arXiv 2206.00364, eq. 4
/// and section 3 with s(t) = 1, sigma(t) = t). First order. The same steps as DDIM with eta = 0 (Song, Meng, Ermon, arXiv 2010.02502, section 4.3).
/// </summary>
public sealed class Euler : LinearStepSampler
{
    public static Kind<ISampler> Kind { get; } = new("euler", "Euler's method on the probability-flow ODE, first order", [], _ => new Euler());

    protected override StepWeights Weights(NoiseLevel from, NoiseLevel to)
    {
        double state = to.Noise / from.Noise;
        return new StepWeights(state, to.Signal - (state * from.Signal), 0);
    }
}
