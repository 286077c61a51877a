using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>
/// The variance-exploding schedule with geometric noise levels: sigma(t) = sigma_min (sigma_max / sigma_min)^t (Song et al.,
/// arXiv 2011.13456, eq. 30 and appendix C). Its grid of N steps has N geometric levels from sigma_max to sigma_min, then clean.
/// </summary>
public sealed class VeGeometric : ISchedule
{
    private readonly double _logMin;
    private readonly double _logMax;

    public VeGeometric(double sigmaMin = 0.002, double sigmaMax = 80)
    {
        ScheduleArguments.RequireSigmaRange("ve", sigmaMin, sigmaMax);
        _logMin = Math.Log(sigmaMin);
        _logMax = Math.Log(sigmaMax);
    }

    public static Kind<ISchedule> Kind { get; } = new(
        "ve",
        "variance exploding, noise geometric in time",
        [ScheduleArguments.SigmaMin, ScheduleArguments.SigmaMax],
        p => new VeGeometric(p.Real("sigma_min"), p.Real("sigma_max")));

    public NoiseLevel At(double time)
    {
        ScheduleArguments.RequireTime(time);
        return new NoiseLevel(1, Math.Exp(_logMin + (time * (_logMax - _logMin))));
    }

    public NoiseLevel AtSigma(double sigma) => new(1, sigma);

    public IReadOnlyList<NoiseLevel> NativeGrid(int steps) => ScheduleArguments.ExplodingGrid(this, steps);
}
