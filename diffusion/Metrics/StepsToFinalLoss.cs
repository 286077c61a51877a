using System.Globalization;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// How soon a network has learned all but a twentieth of what there is to learn: the first stored training step from which the excess of its validation loss
/// over L*, the lowest attainable loss, stays within <see cref="Within"/> of the excess before training. A loss that is irreducible in part makes no threshold
/// looser, unlike a share of the loss itself.
/// <para>All losses are of the same rows, points with noise that is drawn once, so an excess is the mean of paired differences, and its standard error is
/// theirs.</para>
/// </summary>
public static class StepsToFinalLoss
{
    /// <summary>Of the excess before training.</summary>
    public const double Within = 0.05;

    /// <summary>Standard errors that are taken for the noise of an excess.</summary>
    private const double NoiseErrors = 2;

    /// <summary>
    /// The step; <see cref="Measurement.Never"/> when the excess is still larger after the last. No value, with the reason, where the noise of the excess is
    /// more than it must be within, and where the losses end so far below L* that this is not the least.
    /// </summary>
    /// <param name="steps">Ascending, the first of them 0: before training.</param>
    /// <param name="losses">After each of the steps: the loss of every row.</param>
    /// <param name="least">Of every row, by the model whose mean is L*.</param>
    public static Measurement Of(IReadOnlyList<int> steps, IReadOnlyList<float[]> losses, float[] least)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(least);
        if (steps.Count < 2 || steps[0] != 0 || losses.Count != steps.Count)
            throw new ArgumentException(
                $"{losses.Count} losses at {steps.Count} steps from {(steps.Count > 0 ? steps[0] : -1)}; allowed: one for each of two or more, from 0",
                nameof(steps));
        (double Mean, double Error)[] excess = [.. losses.Select(rows => Excess(rows, least))];
        if (!excess.All(e => double.IsFinite(e.Mean)))
            return Measurement.None("a loss is not finite");
        double initial = excess[0].Mean, bound = Within * initial;
        if (!(initial > 0))
            return Measurement.None(string.Create(CultureInfo.InvariantCulture, $"the excess before training is {initial:G2}: nothing to learn"));
        if (excess[^1].Mean < -bound / 2)
            return Measurement.None(string.Create(CultureInfo.InvariantCulture,
                $"L* is not the minimum: the losses end below it by {-excess[^1].Mean / initial:P1} of the excess before training"));
        int from = steps.Count;
        while (from > 0 && excess[from - 1].Mean <= bound)
            from--;
        (double mean, double error) = excess[Math.Min(from, steps.Count - 1)];
        double noise = NoiseErrors * error;
        bool reached = from < steps.Count;

        // Far above the bound, noise that is larger than it changes nothing.
        return !(noise <= bound) && (reached || mean - noise <= bound)
            ? Measurement.None(string.Create(CultureInfo.InvariantCulture,
                $"never certainly: the noise of the excess, {noise / initial:P1} of that before training, is more than {Within:P0}"))
            : Measurement.Steps(reached ? steps[from] : null);
    }

    private static (double Mean, double Error) Excess(float[] losses, float[] least)
    {
        if (losses.Length != least.Length || losses.Length < 2)
            throw new ArgumentException($"{losses.Length} and {least.Length} rows; allowed: as many, 2 or more", nameof(losses));
        double mean = 0, squares = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            double difference = (double)losses[i] - least[i], from = difference - mean;
            mean += from / (i + 1);
            squares += from * (difference - mean);
        }

        return (mean, Math.Sqrt(squares / (losses.Length - 1.0) / losses.Length));
    }
}
