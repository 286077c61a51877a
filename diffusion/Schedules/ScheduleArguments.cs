using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>What the schedules share: argument checks and the two scalings.</summary>
internal static class ScheduleArguments
{
    /// <summary>Between them the samplers' differences of numbers of order 1, divided by sigma, keep some digits.</summary>
    public const double SmallestSigma = 1e-9, LargestSigma = 1e6;

    public static Parameter SigmaMin { get; } =
        Parameter.Real("sigma_min", 0.002, "least noise before clean", SmallestSigma, LargestSigma / 10);

    public static Parameter SigmaMax { get; } =
        Parameter.Real("sigma_max", 80, "most noise", 10 * SmallestSigma, LargestSigma);

    public static void RequireTime(double time)
    {
        if (!(time >= 0 && time <= 1))
            throw new ArgumentOutOfRangeException(nameof(time), time, "allowed: 0 to 1");
    }

    public static void RequireSteps(int steps) => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);

    public static void RequireSigmaRange(string kind, double sigmaMin, double sigmaMax)
    {
        if (!(sigmaMin > 0 && sigmaMax > sigmaMin && double.IsFinite(sigmaMax)))
            throw new KindException($"{kind}: sigma_min {sigmaMin}, sigma_max {sigmaMax}; allowed: 0 < sigma_min < sigma_max");
    }

    /// <summary>alpha = 1/sqrt(1 + sigma^2), so that alpha^2 + noise^2 = 1.</summary>
    public static NoiseLevel VariancePreserving(double sigma)
    {
        double signal = 1 / Math.Sqrt(1 + (sigma * sigma));
        return new NoiseLevel(signal, sigma * signal);
    }

    /// <summary>N levels at times 1, (N-2)/(N-1), …, 0, then clean.</summary>
    public static NoiseLevel[] ExplodingGrid(ISchedule schedule, int steps)
    {
        RequireSteps(steps);
        var levels = new NoiseLevel[steps + 1];
        for (int k = 0; k < steps; k++)
            levels[k] = schedule.At(steps == 1 ? 1 : 1 - ((double)k / (steps - 1)));
        levels[steps] = NoiseLevel.Clean;
        return levels;
    }
}
