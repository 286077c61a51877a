namespace Sweep.Diffusion.Schedules;

/// <summary>A grid that spaces sigma from the most to the least noise of the schedule by a formula; a grid gives the formula.</summary>
public abstract class SigmaGrid : IGrid
{
    /// <inheritdoc/>
    public IReadOnlyList<NoiseLevel> Levels(ISchedule schedule, int steps)
    {
        ScheduleArguments.RequireSteps(steps);
        NoiseRange range = NoiseRange.Of(schedule);
        var levels = new NoiseLevel[steps + 1];
        for (int k = 0; k < steps; k++)
            levels[k] = schedule.AtSigma(k == 0 ? range.SigmaMax : Sigma(range, (double)k / (steps - 1)));
        levels[steps] = NoiseLevel.Clean;
        return levels;
    }

    /// <summary>Sigma at a share of the way: SigmaMax at 0, SigmaMin at 1, strictly decreasing.</summary>
    protected abstract double Sigma(NoiseRange range, double share);
}
