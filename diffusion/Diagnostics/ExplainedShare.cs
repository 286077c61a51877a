using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// How much of a model a reference explains at one noise level (the diagnostic of Wang and Vastola, arXiv 2412.09726: explained variance of the learned score
/// by an analytic one). Here <c>1 - E|f - g|^2 / E|f - E f|^2</c> over noisy points, f the model's function and g the reference's: 1 when they agree, 0 when a
/// constant would do as well, below 0 when it would do better.
/// </summary>
/// <param name="Level">The noise level.</param>
/// <param name="Denoiser">The share of x0-hat. NaN when x0-hat doesn't vary.</param>
/// <param name="Score">The share of the score (a x0-hat - x) / s^2, which at high noise is mostly -x / s^2 whatever the model: compare with the scaled-identity
/// control.</param>
/// <param name="ScorePerSample">The same of the score as the paper has it: the mean over points of <c>1 - |f - g|^2 / |f|^2</c>, point by point and about 0.
/// The number to hold beside the authors'.</param>
public sealed record ExplainedShare(NoiseLevel Level, double Denoiser, double Score, double ScorePerSample)
{
    /// <summary>At each level, over the clean points with noise of the seed.</summary>
    public static IReadOnlyList<ExplainedShare> Curve(IDenoiser model, IDenoiser reference, PointSet clean, IEnumerable<NoiseLevel> levels, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(levels);
        return [.. levels.Select(level => At(model, reference, NoisyPoints.At(clean.Values, clean.Dimensions, level, seed), level))];
    }

    /// <param name="model">What is explained.</param>
    /// <param name="reference">What explains it.</param>
    /// <param name="noisy">Row-major (n, d), at the level.</param>
    /// <param name="level">Its noise is above 0.</param>
    public static ExplainedShare At(IDenoiser model, IDenoiser reference, ReadOnlySpan<double> noisy, NoiseLevel level)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        if (!(level.Noise > 0))
            throw new ArgumentException($"noise: {level.Noise}; allowed: above 0", nameof(level));
        double[] f = new double[noisy.Length], g = new double[noisy.Length];
        model.Denoise(noisy, level, f);
        reference.Denoise(noisy, level, g);
        return Between(f, g, noisy, level, model.Dimensions);
    }

    /// <summary>The same from what model and reference have said already.</summary>
    /// <param name="modelX0Hat">Row-major (n, d).</param>
    /// <param name="referenceX0Hat">Row-major (n, d).</param>
    /// <param name="noisy">What both were asked, row-major (n, d).</param>
    /// <param name="level">Its noise is above 0.</param>
    /// <param name="dimensions">d.</param>
    public static ExplainedShare Between(
        ReadOnlySpan<double> modelX0Hat, ReadOnlySpan<double> referenceX0Hat, ReadOnlySpan<double> noisy, NoiseLevel level, int dimensions)
    {
        if (modelX0Hat.Length != noisy.Length || referenceX0Hat.Length != noisy.Length)
            throw new ArgumentException($"x0-hats of {modelX0Hat.Length} and {referenceX0Hat.Length} values; allowed: {noisy.Length}, as the noisy points",
                nameof(modelX0Hat));
        double[] f = new double[noisy.Length], g = new double[noisy.Length];
        double squared = level.Noise * level.Noise;
        for (int i = 0; i < f.Length; i++)
        {
            f[i] = ((level.Signal * modelX0Hat[i]) - noisy[i]) / squared;
            g[i] = ((level.Signal * referenceX0Hat[i]) - noisy[i]) / squared;
        }

        return new ExplainedShare(level, Share(modelX0Hat, referenceX0Hat, dimensions), Share(f, g, dimensions), PerSample(f, g, dimensions));
    }

    private static double PerSample(ReadOnlySpan<double> f, ReadOnlySpan<double> g, int d)
    {
        double sum = 0;
        for (int row = 0; row < f.Length; row += d)
        {
            double apart = 0, own = 0;
            for (int i = row; i < row + d; i++)
            {
                apart += (f[i] - g[i]) * (f[i] - g[i]);
                own += f[i] * f[i];
            }

            sum += 1 - (apart / own);
        }

        return sum * d / f.Length;
    }

    /// <summary>1 - E|f - g|^2 / E|f - E f|^2 over rows of d; NaN where f doesn't vary.</summary>
    internal static double Share(ReadOnlySpan<double> f, ReadOnlySpan<double> g, int d)
    {
        var mean = new double[d];
        for (int i = 0; i < f.Length; i++)
            mean[i % d] += f[i] * d / f.Length;
        double apart = 0, total = 0;
        for (int i = 0; i < f.Length; i++)
        {
            apart += (f[i] - g[i]) * (f[i] - g[i]);
            total += (f[i] - mean[i % d]) * (f[i] - mean[i % d]);
        }

        return total > 0 ? 1 - (apart / total) : double.NaN;
    }
}
