using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>The schedule's own discretisation, <see cref="ISchedule.NativeGrid"/>.</summary>
public sealed class NativeGrid : IGrid
{
    public static Kind<IGrid> Kind { get; } = new("native", "the schedule's own levels", [], _ => new NativeGrid());

    /// <inheritdoc/>
    public IReadOnlyList<NoiseLevel> Levels(ISchedule schedule, int steps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule.NativeGrid(steps);
    }
}
