using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// How far x0-hat is from the truth at one noise level: E|x0-hat - x0|^2 / d over noisy points, in the square of the latent unit. An exact denoiser has the
/// least there is, not 0.
/// </summary>
/// <param name="Level">The noise level.</param>
/// <param name="MeanSquare">The mean over points and dimensions.</param>
/// <param name="StandardError">Its standard error over points; NaN for one point.</param>
public sealed record DenoisingError(NoiseLevel Level, double MeanSquare, double StandardError)
{
    /// <summary>At each level, over the clean points (at least one) with noise of the seed.</summary>
    public static IReadOnlyList<DenoisingError> Curve(IDenoiser model, PointSet clean, IEnumerable<NoiseLevel> levels, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(levels);
        return [.. levels.Select(level => At(model, clean, level, seed))];
    }

    private static DenoisingError At(IDenoiser model, PointSet clean, NoiseLevel level, ulong seed)
    {
        int d = clean.Dimensions, n = clean.Count;
        double[] x0Hat = new double[clean.Values.Length], errors = new double[n];
        model.Denoise(NoisyPoints.At(clean.Values, d, level, seed), level, x0Hat);
        for (int i = 0; i < x0Hat.Length; i++)
            errors[i / d] += (x0Hat[i] - clean.Values[i]) * (x0Hat[i] - clean.Values[i]) / d;
        double mean = errors.Average();
        return new DenoisingError(level, mean, Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (n - 1.0) / n));
    }
}
