namespace Sweep.Diffusion.Metrics;

/// <summary>
/// The training steps until the loss is and stays near its final value, from the stored curve of window means. Single windows are noisy (some percent), so
/// the curve is smoothed by a centred running mean of <see cref="SmoothedShare"/> of the windows (cut at the ends; at least one window to either side where the curve has 20), and
/// the final value is the mean of the last <see cref="FinalShare"/>.
/// </summary>
public sealed class StepsToFinalLoss : IDerivedMetric
{
    public const string Key = "steps_to_final_loss";

    /// <summary>The stored curve that it is read from.</summary>
    public const string Curve = "training_loss";

    /// <summary>Near means within this share of the final value, above or below.</summary>
    public const double Within = 0.05;

    /// <summary>Width of the running mean, as a share of the windows.</summary>
    public const double SmoothedShare = 0.05;

    /// <summary>The windows at the end whose mean is the final value, as a share of all.</summary>
    public const double FinalShare = 0.1;

    public string Name => Key;

    public string Label => "Steps to final loss";

    public string Unit => "training steps";

    public MetricBetter Better => MetricBetter.Lower;

    public MetricNeeds Needs => MetricNeeds.Training;

    public MetricSteps Counts => MetricSteps.TrainingSteps;

    public double Least => 0;

    public string Explanation => "The training step from which the smoothed training loss stays within 5% of its final value; never when it doesn't.";

    public IReadOnlyList<string> Curves { get; } = [Curve];

    public Measurement? Read(IStoredTrial trial) => trial.Curve(Curve) is { } windows ? Measurement.Steps(Steps(windows, trial.TrainingSteps)) : null;

    /// <summary>
    /// The training step at which the window ends from which on the smoothed loss stays within <see cref="Within"/> of its final value; at least the first
    /// window's end. Null when it never does, or a window is not finite.
    /// </summary>
    /// <param name="windows">Mean loss of equal windows of training steps, in order.</param>
    /// <param name="trainingSteps">All of them.</param>
    public static double? Steps(ReadOnlySpan<float> windows, int trainingSteps)
    {
        if (windows.IsEmpty)
            return null;
        foreach (float window in windows)
        {
            if (!float.IsFinite(window))
                return null;
        }

        int reach = (int)Math.Round(windows.Length * SmoothedShare / 2, MidpointRounding.AwayFromZero);
        int last = Math.Max(1, (int)Math.Round(windows.Length * FinalShare));
        double final = Mean(windows[^last..]);
        int from = windows.Length;
        while (from > 0 && Math.Abs(Mean(windows[Math.Max(0, from - 1 - reach)..Math.Min(windows.Length, from + reach)]) - final) <= Within * Math.Abs(final))
            from--;

        // Window i of n ends after truthLevel((i + 1) steps / n) steps.
        return from == windows.Length ? null : (from + 1L) * trainingSteps / windows.Length;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }
}
