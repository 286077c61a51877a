using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>
/// The variance-preserving cosine schedule: alpha(t) = cos(pi/2 (t + s)/(1 + s)) / cos(pi/2 s/(1 + s)), s = 0.008 (Nichol and Dhariwal,
/// arXiv 2102.09672, eq. 17). Time is scaled by 0.9999, so that some signal is left at time 1; a chain of T steps clips beta at 0.999 as the
/// paper does.
/// </summary>
public sealed class VpCosine : ISchedule
{
    private const double Offset = 0.008;
    private const double LargestBeta = 0.999;
    private const double TimeScale = 0.9999;

    public static Kind<ISchedule> Kind { get; } = new(
        "vp-cosine", "variance preserving, signal a cosine of time", [], _ => new VpCosine());

    public NoiseLevel At(double time)
    {
        ScheduleArguments.RequireTime(time);
        double signal = Signal(time * TimeScale);
        return new NoiseLevel(signal, Math.Sqrt(Math.Max(0, (1 - signal) * (1 + signal))));
    }

    public NoiseLevel AtSigma(double sigma) => ScheduleArguments.VariancePreserving(sigma);

    public IReadOnlyList<NoiseLevel> NativeGrid(int steps)
    {
        ScheduleArguments.RequireSteps(steps);
        var betas = new double[steps];
        for (int k = 0; k < steps; k++)
        {
            double before = Signal((double)k / steps);
            double after = Signal((k + 1.0) / steps);
            betas[k] = Math.Min(1 - (after * after / (before * before)), LargestBeta);
        }

        return DiscreteChain.Levels(betas);
    }

    private static double Signal(double time) =>
        Math.Cos(0.5 * Math.PI * (time + Offset) / (1 + Offset)) / Math.Cos(0.5 * Math.PI * Offset / (1 + Offset));
}
