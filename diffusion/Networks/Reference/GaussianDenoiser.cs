using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// The posterior mean under one Gaussian N(mean, V diag(lambda) V^T): x0-hat = mean + V diag(a lambda / (a^2 lambda + s^2)) V^T (x - a mean), the Gaussian
/// score approximation of Wang and Vastola (arXiv 2412.09726, its Gaussian-score equation, there with a = 1). The covariance is taken apart once, so that any
/// level costs two products with V; directions without variance stay at the mean.
/// </summary>
public sealed class GaussianDenoiser : IDenoiser
{
    private readonly double[] _mean;
    private readonly double[] _eigenvalues;
    private readonly double[]? _vectors;

    /// <param name="mean">(d).</param>
    /// <param name="eigenvalues">(d), 0 or greater.</param>
    /// <param name="vectors">V, row-major (d, d), column k for eigenvalue k; null for the identity.</param>
    private GaussianDenoiser(double[] mean, double[] eigenvalues, double[]? vectors)
    {
        _mean = mean;
        _eigenvalues = eigenvalues;
        _vectors = vectors;
    }

    public int Dimensions => _mean.Length;

    /// <summary>(d).</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Variances along the eigenvectors, (d), in no promised order.</summary>
    public ReadOnlySpan<double> Variances => _eigenvalues;

    /// <summary>The Gaussian with the points' mean and covariance (n in the denominator).</summary>
    /// <exception cref="ArgumentException">No points.</exception>
    public static GaussianDenoiser Fit(PointSet points) => Of(points, static (_, _, _) => { });

    /// <summary>
    /// The most likely Gaussian whose variances but the largest <paramref name="rank"/> are equal: probabilistic principal component analysis (Tipping and
    /// Bishop, J. R. Stat. Soc. B 61, 1999, eq. 7 and 8). With d - 1 or more that is <see cref="Fit"/>'s.
    /// </summary>
    /// <param name="points">At least one.</param>
    /// <param name="rank">At least 1.</param>
    /// <exception cref="ArgumentException">No points.</exception>
    public static GaussianDenoiser FitLowRank(PointSet points, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        return Of(points, (variances, _, _) => LevelBeyond(variances, rank));
    }

    /// <summary>The Gaussian with the points' covariance drawn towards the identity (<see cref="Shrinkage"/>).</summary>
    /// <exception cref="ArgumentException">No points.</exception>
    public static GaussianDenoiser FitShrunk(PointSet points) => Of(points, (variances, mean, covariance) =>
    {
        double share = Shrinkage.Share(points, mean, covariance), level = covariance.Trace() / mean.Length;
        for (int k = 0; k < variances.Length; k++)
            variances[k] = ((1 - share) * variances[k]) + (share * level);
    });

    /// <summary>Sets all variances but the largest ones to their mean; any order.</summary>
    internal static void LevelBeyond(Span<double> variances, int rank)
    {
        if (rank >= variances.Length - 1)
            return;
        double[] falling = variances.ToArray();
        Array.Sort(falling, static (a, b) => b.CompareTo(a));
        double least = falling[rank - 1], rest = falling.Skip(rank).Average();

        // Of equal variances at the border as many are kept as there is rank for.
        int kept = 0;
        for (int k = 0; k < variances.Length; k++)
            kept += variances[k] > least ? 1 : 0;
        for (int k = 0; k < variances.Length; k++)
        {
            if (variances[k] > least || (variances[k] == least && kept++ < rank))
                continue;
            variances[k] = rest;
        }
    }

    private static GaussianDenoiser Of(PointSet points, Action<double[], double[], Matrix<double>> hold)
    {
        (double[] mean, Matrix<double> covariance) = PointMoments.Of(points);
        int d = mean.Length;
        var evd = covariance.Evd(Symmetricity.Symmetric);
        var vectors = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int k = 0; k < d; k++)
                vectors[(i * d) + k] = evd.EigenVectors[i, k];
        }

        double[] variances = [.. evd.EigenValues.Select(v => Math.Max(0, v.Real))];
        hold(variances, mean, covariance);
        return new GaussianDenoiser(mean, variances, vectors);
    }

    /// <summary>
    /// The scaled-identity control: the points' mean, and their mean variance in every direction. What a model explains beyond it takes knowing the data's
    /// covariance.
    /// </summary>
    /// <exception cref="ArgumentException">No points.</exception>
    public static GaussianDenoiser FitScaledIdentity(PointSet points)
    {
        (double[] mean, Matrix<double> covariance) = PointMoments.Of(points);
        double[] variances = new double[mean.Length];
        Array.Fill(variances, covariance.Trace() / mean.Length);
        return new GaussianDenoiser(mean, variances, null);
    }

    /// <inheritdoc/>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        int d = Dimensions;
        DenoiserArguments.Check(x, x0Hat, d);
        if (level.Noise == 0)
        {
            x.CopyTo(x0Hat);
            return;
        }

        (double a, double s) = level;
        Span<double> gains = d <= 128 ? stackalloc double[d] : new double[d];
        for (int k = 0; k < d; k++)
            gains[k] = a * _eigenvalues[k] / ((a * a * _eigenvalues[k]) + (s * s));
        Span<double> difference = d <= 128 ? stackalloc double[d] : new double[d];
        for (int start = 0; start < x.Length; start += d)
        {
            var result = x0Hat.Slice(start, d);
            for (int j = 0; j < d; j++)
                difference[j] = x[start + j] - (a * _mean[j]);
            if (_vectors is null)
            {
                for (int j = 0; j < d; j++)
                    result[j] = _mean[j] + (gains[j] * difference[j]);
                continue;
            }

            _mean.CopyTo(result);
            for (int k = 0; k < d; k++)
            {
                double along = 0;
                for (int j = 0; j < d; j++)
                    along += _vectors[(j * d) + k] * difference[j];
                along *= gains[k];
                for (int j = 0; j < d; j++)
                    result[j] += _vectors[(j * d) + k] * along;
            }
        }
    }
}
