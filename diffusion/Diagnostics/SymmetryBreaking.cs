using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// Where paths leave the data's mean (the spontaneous symmetry breaking of Raya and Ambrogioni, arXiv 2305.19693). With y = x / a and t = ln sigma the
/// probability flow is dy/dt = y - D(y, sigma), so along an eigenvector of dD/dy with eigenvalue g a small distance from a resting point grows towards less
/// noise like sigma^(1 - g) falls: above 1 the mean is unstable. Of two equal Gaussians at +-m with variance s^2 the gain at the mean is (s^2 + sigma^2 |m|^2
/// / (s^2 + sigma^2)) / (s^2 + sigma^2), and 1 at sigma^2 = |m|^2 - s^2; of one Gaussian lambda / (lambda + sigma^2), never 1. Where modes are not symmetric
/// about it the mean is no resting point, and the gain tells whether paths near it part.
/// </summary>
/// <param name="Sigmas">Ascending.</param>
/// <param name="Gains">The largest eigenvalue of the symmetric part of dD/dy at the mean, for each.</param>
public sealed record SymmetryBreaking(IReadOnlyList<double> Sigmas, IReadOnlyList<double> Gains)
{
    /// <summary>Half-width of the central differences, in units of sigma: a single-precision network's rounding is 1e-5 of the gain there.</summary>
    private const double DifferenceStep = 0.02;

    /// <summary>The largest sigma at which the gain passes 1, by interpolation in ln sigma; null when no two levels enclose it.</summary>
    public double? Sigma
    {
        get
        {
            for (int i = Sigmas.Count - 1; i > 0; i--)
            {
                if (Gains[i] <= 1 && Gains[i - 1] > 1)
                {
                    double share = (Gains[i - 1] - 1) / (Gains[i - 1] - Gains[i]);
                    return Sigmas[i - 1] * Math.Pow(Sigmas[i] / Sigmas[i - 1], share);
                }
            }

            return null;
        }
    }

    /// <param name="denoiser">Of latent points.</param>
    /// <param name="mean">(d), of the latent data.</param>
    /// <param name="levels">Ascending, with noise.</param>
    public static SymmetryBreaking Measure(IDenoiser denoiser, double[] mean, IReadOnlyList<NoiseLevel> levels)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(levels);
        return new SymmetryBreaking([.. levels.Select(l => l.Sigma)], [.. levels.Select(level => Gain(denoiser, mean, level))]);
    }

    private static double Gain(IDenoiser denoiser, double[] mean, NoiseLevel level)
    {
        int d = mean.Length;
        double h = DifferenceStep * level.Sigma;
        double[] x = new double[2 * d * d], clean = new double[2 * d * d];
        for (int row = 0; row < 2 * d; row++)
        {
            for (int j = 0; j < d; j++)
                x[(row * d) + j] = level.Signal * (mean[j] + (j == row / 2 ? (row % 2 == 0 ? h : -h) : 0));
        }

        denoiser.Denoise(x, level, clean);
        Matrix<double> derivative = Matrix<double>.Build.Dense(d, d, (i, j) => (clean[(2 * j * d) + i] - clean[(((2 * j) + 1) * d) + i]) / (2 * h));
        return ((derivative + derivative.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Max(v => v.Real);
    }
}
