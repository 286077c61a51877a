namespace Sweep.Diffusion.Schedules;

/// <summary>
/// Which noise levels a sampler stops at, apart from the schedule that the network was trained on. Immutable and thread-safe.
/// </summary>
public interface IGrid
{
    /// <summary>
    /// <paramref name="steps"/> + 1 levels in the schedule's scaling: <paramref name="steps"/> noisy ones, sigma strictly decreasing, then
    /// <see cref="NoiseLevel.Clean"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step.</exception>
    /// <exception cref="Kinds.KindException">The schedule has no such grid of so few steps.</exception>
    IReadOnlyList<NoiseLevel> Levels(ISchedule schedule, int steps);
}
