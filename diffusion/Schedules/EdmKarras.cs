using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>
/// Variance exploding with the noise levels of Karras et al.: sigma(t) = (sigma_min^(1/rho) + t (sigma_max^(1/rho) - sigma_min^(1/rho)))^rho
/// (arXiv 2206.00364, eq. 5). Its grid of N steps has N such levels from sigma_max to sigma_min, then clean.
/// </summary>
public sealed class EdmKarras : ISchedule
{
    private readonly double _rho;
    private readonly double _rootMin;
    private readonly double _rootMax;

    public EdmKarras(double sigmaMin = 0.002, double sigmaMax = 80, double rho = 7)
    {
        ScheduleArguments.RequireSigmaRange("edm", sigmaMin, sigmaMax);
        if (!(rho >= 1 && double.IsFinite(rho)))
            throw new KindException($"edm: rho {rho}; allowed: 1 or more");
        _rho = rho;
        _rootMin = Math.Pow(sigmaMin, 1 / rho);
        _rootMax = Math.Pow(sigmaMax, 1 / rho);
    }

    public static Kind<ISchedule> Kind { get; } = new(
        "edm",
        "variance exploding, Karras' noise levels",
        [
            ScheduleArguments.SigmaMin,
            ScheduleArguments.SigmaMax,
            Parameter.Real("rho", 7, "how much the levels crowd towards sigma_min", minimum: 1, maximum: 100),
        ],
        p => new EdmKarras(p.Real("sigma_min"), p.Real("sigma_max"), p.Real("rho")));

    public NoiseLevel At(double time)
    {
        ScheduleArguments.RequireTime(time);
        return new NoiseLevel(1, Math.Pow(_rootMin + (time * (_rootMax - _rootMin)), _rho));
    }

    public NoiseLevel AtSigma(double sigma) => new(1, sigma);

    public IReadOnlyList<NoiseLevel> NativeGrid(int steps) => ScheduleArguments.ExplodingGrid(this, steps);
}
