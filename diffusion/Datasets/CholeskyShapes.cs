using System.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>Components N(mean_k, C_k) with any positive definite covariance, through C_k = L_k L_k^T.</summary>
internal sealed class CholeskyShapes : IComponentShapes
{
    private readonly double[] _means;
    private readonly double[] _covariances;
    private readonly double[] _factors;
    private readonly double[] _logNormalizers;

    /// <param name="means">(K, d).</param>
    /// <param name="covariances">(K, d, d), symmetric.</param>
    /// <param name="dimensions">d.</param>
    /// <exception cref="ArgumentException">A covariance is not positive definite; the message names it.</exception>
    internal CholeskyShapes(double[] means, double[] covariances, int dimensions)
    {
        _means = means;
        _covariances = covariances;
        Dimensions = dimensions;
        Components = means.Length / dimensions;
        _factors = new double[covariances.Length];
        _logNormalizers = new double[Components];
        int size = dimensions * dimensions;
        for (int k = 0; k < Components; k++)
        {
            Span<double> factor = _factors.AsSpan(k * size, size);
            if (!TryFactor(covariances.AsSpan(k * size, size), factor, dimensions))
                throw new ArgumentException($"covariance {k} is not positive definite");
            _logNormalizers[k] = -0.5 * dimensions * Math.Log(2 * Math.PI);
            for (int i = 0; i < dimensions; i++)
                _logNormalizers[k] -= Math.Log(factor[(i * dimensions) + i]);
        }
    }

    public int Components { get; }

    public int Dimensions { get; }

    /// <summary>L_k^-1 (x - mean_k), (K, d).</summary>
    public int ScratchVectors => Components * Dimensions;

    public ReadOnlySpan<double> Means => _means;

    public ReadOnlySpan<double> LogNormalizers => _logNormalizers;

    /// <summary>L_k, (K, d, d) row-major, lower triangular.</summary>
    internal ReadOnlySpan<double> Factors => _factors;

    public void HalfSquaredDistances(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> half, Span<Vector<double>> scratch)
    {
        int d = x.Length;
        for (int k = 0; k < half.Length; k++)
        {
            ReadOnlySpan<double> mean = _means.AsSpan(k * d, d);
            ReadOnlySpan<double> factor = _factors.AsSpan(k * d * d, d * d);
            Span<Vector<double>> y = scratch.Slice(k * d, d);
            Vector<double> squares = Vector<double>.Zero;
            for (int i = 0; i < d; i++)
            {
                Vector<double> v = x[i] - new Vector<double>(mean[i]);
                for (int j = 0; j < i; j++)
                    v -= new Vector<double>(factor[(i * d) + j]) * y[j];
                y[i] = v * new Vector<double>(1 / factor[(i * d) + i]);
                squares += y[i] * y[i];
            }

            half[k] = squares * new Vector<double>(0.5);
        }
    }

    public void AddScores(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, Span<Vector<double>> score, Span<Vector<double>> scratch)
    {
        int d = x.Length;
        for (int k = 0; k < responsibilities.Length; k++)
        {
            ReadOnlySpan<double> factor = _factors.AsSpan(k * d * d, d * d);
            Span<Vector<double>> y = scratch.Slice(k * d, d);

            // -L^-T y, by back substitution in place.
            for (int i = d - 1; i >= 0; i--)
            {
                Vector<double> v = y[i];
                for (int j = i + 1; j < d; j++)
                    v -= new Vector<double>(factor[(j * d) + i]) * y[j];
                y[i] = v * new Vector<double>(1 / factor[(i * d) + i]);
                score[i] -= responsibilities[k] * y[i];
            }
        }
    }

    public void Shape(int component, Span<double> normals)
    {
        int d = Dimensions;
        ReadOnlySpan<double> factor = _factors.AsSpan(component * d * d, d * d);
        for (int i = d - 1; i >= 0; i--)
        {
            double v = _means[(component * d) + i];
            for (int j = 0; j <= i; j++)
                v += factor[(i * d) + j] * normals[j];
            normals[i] = v;
        }
    }

    public void Covariance(int component, Span<double> covariance) =>
        _covariances.AsSpan(component * Dimensions * Dimensions, Dimensions * Dimensions).CopyTo(covariance);

    public IComponentShapes Noised(NoiseLevel level)
    {
        double[] covariances = Array.ConvertAll(_covariances, c => level.Signal * level.Signal * c);
        for (int i = 0; i < covariances.Length; i += Dimensions * Dimensions)
        {
            for (int j = 0; j < Dimensions; j++)
                covariances[i + (j * Dimensions) + j] += level.Noise * level.Noise;
        }

        return new CholeskyShapes(Array.ConvertAll(_means, m => level.Signal * m), covariances, Dimensions);
    }

    internal static bool IsPositiveDefinite(ReadOnlySpan<double> covariance, int dimensions) =>
        TryFactor(covariance, new double[covariance.Length], dimensions);

    /// <summary>The lower triangular L of C = L L^T, row by row; false when C is not positive definite.</summary>
    private static bool TryFactor(ReadOnlySpan<double> covariance, Span<double> factor, int d)
    {
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double v = covariance[(i * d) + j];
                for (int m = 0; m < j; m++)
                    v -= factor[(i * d) + m] * factor[(j * d) + m];
                if (i == j)
                {
                    if (!(v > 0) || !double.IsFinite(v))
                        return false;
                    factor[(i * d) + i] = Math.Sqrt(v);
                }
                else
                {
                    factor[(i * d) + j] = v / factor[(j * d) + j];
                }
            }
        }

        return true;
    }
}
