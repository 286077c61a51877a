using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Sweep.Diffusion.Numerics;

/// <summary>The discrete cosine transform of the second kind.</summary>
public static class CosineTransform
{
    /// <summary>
    /// X_k = sum_j x_j cos(pi k (2j + 1) / (2n)), unnormalised, in O(n log n) by one complex Fourier transform of the reordered
    /// sequence (Makhoul, "A fast cosine transform in one and two dimensions", IEEE ASSP 28, 1980).
    /// </summary>
    /// <param name="values">n values; fastest when n is a power of two.</param>
    /// <returns>n coefficients; the first is the sum.</returns>
    public static double[] Forward(ReadOnlySpan<double> values)
    {
        int n = values.Length;
        var v = new Complex[n];
        for (int j = 0; j < (n + 1) / 2; j++)
            v[j] = values[2 * j];
        for (int j = 0; j < n / 2; j++)
            v[n - 1 - j] = values[(2 * j) + 1];
        Fourier.Forward(v, FourierOptions.AsymmetricScaling);
        var result = new double[n];
        for (int k = 0; k < n; k++)
        {
            (double sin, double cos) = Math.SinCos(Math.PI * k / (2.0 * n));
            result[k] = (v[k].Real * cos) + (v[k].Imaginary * sin);
        }

        return result;
    }
}
