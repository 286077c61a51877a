namespace Sweep.Diffusion.Training;

/// <summary>The windows of steps that a run's loss curve is made of: window i of n ends after floor((i + 1) steps / n) steps.</summary>
internal static class LossWindow
{
    /// <summary>Points in a long run's loss curve.</summary>
    public const int MaxPoints = 200;

    public static int Count(int steps) => Math.Min(MaxPoints, steps);

    /// <summary>Steps done at the end of a window.</summary>
    public static int End(int steps, int window) => (int)((window + 1L) * steps / Count(steps));
}
