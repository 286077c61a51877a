namespace Sweep.Diffusion.Schedules;

/// <summary>
/// A noise schedule. Immutable and thread-safe. Time runs from 0 (least noise) to 1 (most noise); <see cref="NoiseLevel.Sigma"/> is strictly
/// increasing in it.
/// </summary>
public interface ISchedule
{
    /// <summary>The level at a time in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">time is outside [0, 1].</exception>
    NoiseLevel At(double time);

    /// <summary>The level whose <see cref="NoiseLevel.Sigma"/> is the one given, in this schedule's scaling (variance-preserving or -exploding).</summary>
    NoiseLevel AtSigma(double sigma);

    /// <summary>
    /// The schedule's own discretisation: <paramref name="steps"/> + 1 levels from the most noise to <see cref="NoiseLevel.Clean"/>. Reverse step k goes from
    /// level k-1 to level k.
    /// </summary>
    IReadOnlyList<NoiseLevel> NativeGrid(int steps);
}
