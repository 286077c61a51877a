namespace Sweep.Diffusion.Schedules;

/// <summary>The least and most noise of a schedule, as sigma = noise / signal.</summary>
/// <param name="SigmaMin">Greater than 0.</param>
/// <param name="SigmaMax">Greater than <paramref name="SigmaMin"/>.</param>
public readonly record struct NoiseRange(double SigmaMin, double SigmaMax)
{
    /// <summary>
    /// Where variance-preserving sampling stops: their sigma is 0 at time 0, which has no logarithm (Song et al., arXiv 2011.13456,
    /// appendix C: epsilon = 1e-3).
    /// </summary>
    private const double LeastTime = 1e-3;

    /// <summary>From time 0 (time 1e-3 where time 0 is clean) to time 1.</summary>
    public static NoiseRange Of(ISchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        double least = schedule.At(0).Sigma;
        return new NoiseRange(least > 0 ? least : schedule.At(LeastTime).Sigma, schedule.At(1).Sigma);
    }
}
