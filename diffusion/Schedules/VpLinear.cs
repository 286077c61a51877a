using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>
/// The variance-preserving schedule with linear beta: alpha(t)^2 = exp(-(beta_min t + (beta_max - beta_min) t^2 / 2))
/// (Song et al., arXiv 2011.13456, eq. 33). A chain of T steps has beta(t_k) / T, linear from beta_min / T to beta_max / T (Ho et al.,
/// arXiv 2006.11239, section 4, where T = 1000): 100 steps run from 1e-3 to 0.2.
/// </summary>
public sealed class VpLinear : ISchedule
{
    /// <summary>
    /// Below, the chain's first step adds no noise that rounding leaves; above, so little signal is left at time 1 (e^-25 where both betas are this large) that
    /// x0-hat would be rounding.
    /// </summary>
    internal const double SmallestBeta = 1e-6, LargestBeta = 50;

    private readonly double _betaMin;
    private readonly double _betaMax;

    public VpLinear(double betaMin = 0.1, double betaMax = 20)
    {
        if (!(betaMin > 0 && betaMax >= betaMin && double.IsFinite(betaMax)))
            throw new KindException($"vp-linear: beta_min {betaMin}, beta_max {betaMax}; allowed: 0 < beta_min <= beta_max");
        _betaMin = betaMin;
        _betaMax = betaMax;
    }

    public static Kind<ISchedule> Kind { get; } = new(
        "vp-linear",
        "variance preserving, beta linear in time",
        [
            Parameter.Real("beta_min", 0.1, "noise rate at time 0", SmallestBeta, LargestBeta),
            Parameter.Real("beta_max", 20, "noise rate at time 1", SmallestBeta, LargestBeta),
        ],
        p => new VpLinear(p.Real("beta_min"), p.Real("beta_max")));

    public NoiseLevel At(double time)
    {
        ScheduleArguments.RequireTime(time);
        double exponent = -time * (_betaMin + (0.5 * time * (_betaMax - _betaMin)));
        return new NoiseLevel(Math.Exp(0.5 * exponent), Math.Sqrt(-ExpMinus1(exponent)));
    }

    public NoiseLevel AtSigma(double sigma) => ScheduleArguments.VariancePreserving(sigma);

    public IReadOnlyList<NoiseLevel> NativeGrid(int steps)
    {
        ScheduleArguments.RequireSteps(steps);
        if (_betaMax >= steps)
            throw new KindException(
                $"vp-linear with beta_max {_betaMax}: {steps} steps on its native grid; allowed: more than beta_max steps (beta_max / steps must be below 1)");
        var betas = new double[steps];
        for (int k = 0; k < steps; k++)
        {
            double share = steps == 1 ? 1 : (double)k / (steps - 1);
            betas[k] = (_betaMin + (share * (_betaMax - _betaMin))) / steps;
        }

        return DiscreteChain.Levels(betas);
    }

    /// <summary>exp(x) - 1 without cancellation near 0.</summary>
    private static double ExpMinus1(double x) =>
        Math.Abs(x) < 1e-5 ? x * (1 + (x * (0.5 + (x / 6)))) : Math.Exp(x) - 1;
}
