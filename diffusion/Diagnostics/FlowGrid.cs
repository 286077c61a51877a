using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// The levels on which diagnostics follow the probability flow, whatever the grid that a trial samples on: from a level down to the schedule's least noise with
/// Karras' spacing, rho 7 (arXiv 2206.00364, eq. 5), then clean.
/// </summary>
public static class FlowGrid
{
    private const double Rho = 7;

    /// <param name="schedule">Gives levels their scaling.</param>
    /// <param name="from">The first level.</param>
    /// <param name="steps">At least 1; <paramref name="from"/> at or below the least noise has one step, to clean.</param>
    public static IReadOnlyList<NoiseLevel> Down(ISchedule schedule, NoiseLevel from, int steps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        double least = NoiseRange.Of(schedule).SigmaMin;
        if (from.Sigma <= least || steps == 1)
            return [from, NoiseLevel.Clean];
        double high = Math.Pow(from.Sigma, 1 / Rho), low = Math.Pow(least, 1 / Rho);
        var rest = Enumerable.Range(1, steps - 1).Select(k => schedule.AtSigma(Math.Pow(high + ((double)k / (steps - 1) * (low - high)), Rho)));
        return [from, .. rest, NoiseLevel.Clean];
    }
}
