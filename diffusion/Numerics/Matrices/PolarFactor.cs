using System.Numerics.Tensors;

namespace Sweep.Diffusion.Numerics.Matrices;

/// <summary>
/// The orthogonal matrix nearest to a square one, U of A = H U, from matrix products alone: the dynamically weighted Halley iteration (Nakatsukasa, Bai and
/// Gygi, "Optimizing Halley's iteration for computing the matrix polar decomposition", SIAM J. Matrix Anal. 31, 2010, equations 3.5 to 3.10) until all singular
/// values are near 1, then Newton and Schulz's.
/// </summary>
internal static class PolarFactor
{
    /// <summary>
    /// Singular values above this share of the largest are near 1 after five weighted steps; smaller ones take some more. Less would cost digits: a step
    /// inverts a matrix of condition 1.6 share^(-4/3), and multiplies by 2.5 share^(-2/3) what that rounds.
    /// </summary>
    private const double SmallestExpected = 1e-4;

    /// <summary>Newton and Schulz's step converges from squared singular values in 0 to 3, quadratically from here.</summary>
    private const double Near = 0.2;

    /// <summary>After a step from a deviation e it is 3/4 e^2: from here, rounding.</summary>
    private const double Last = 1e-8;

    private const int MaximumSteps = 60;

    /// <summary>
    /// U, row-major (d, d), of a singular matrix one of several; null where the iteration finds none: numbers that aren't finite, or hardly any that aren't 0.
    /// </summary>
    /// <param name="a">Row-major (d, d).</param>
    /// <param name="d">Its rows and columns.</param>
    public static double[]? Of(double[] a, int d)
    {
        double[] x = [.. a], gram = new double[d * d], next = new double[d * d];
        BlockedProduct.SetSymmetric(MatrixView.Of(x, d, d), MatrixView.Of(x, d, d).Transpose, gram);
        double norm = 0;
        for (int i = 0; i < d; i++)
            norm = Math.Max(norm, TensorPrimitives.SumOfMagnitudes<double>(gram.AsSpan(i * d, d)));
        if (!(norm > 0) || !double.IsFinite(norm))
            return null;
        TensorPrimitives.Multiply(x, 1 / Math.Sqrt(norm), x);
        TensorPrimitives.Multiply(gram, 1 / norm, gram);
        double least = SmallestExpected;
        for (int step = 0; step < MaximumSteps; step++)
        {
            double deviation = Deviation(gram, d);
            if (!double.IsFinite(deviation))
                return null;
            if (deviation < Near)
                Schulz(x, gram, next, d);
            else
                least = Halley(x, gram, next, d, least);
            (x, next) = (next, x);
            if (deviation < Last)
                return x;
            BlockedProduct.SetSymmetric(MatrixView.Of(x, d, d), MatrixView.Of(x, d, d).Transpose, gram);
        }

        return null;
    }

    /// <summary>A bound on how far the squared singular values are from 1: the largest row sum of |X X^T - I|.</summary>
    private static double Deviation(double[] gram, int d)
    {
        double largest = 0;
        for (int i = 0; i < d; i++)
        {
            double sum = TensorPrimitives.SumOfMagnitudes<double>(gram.AsSpan(i * d, d)) - Math.Abs(gram[(i * d) + i]) + Math.Abs(gram[(i * d) + i] - 1);
            if (!(sum <= largest))
                largest = sum;
        }

        return largest;
    }

    /// <summary>(3 I - X X^T) X / 2.</summary>
    private static void Schulz(double[] x, double[] gram, double[] next, int d)
    {
        TensorPrimitives.Multiply(x, 1.5, next);
        BlockedProduct.Add(MatrixView.Of(gram, d, d), MatrixView.Of(x, d, d), next, scale: -0.5);
    }

    /// <summary>b/c X + (a - b/c) (I + c X X^T)^-1 X, with the weights that are best for singular values in [least, 1].</summary>
    /// <returns>The least singular value after it.</returns>
    private static double Halley(double[] x, double[] gram, double[] next, int d, double least)
    {
        double square = least * least;
        double root = Math.Cbrt(4 * (1 - square) / (square * square));
        double a = Math.Sqrt(1 + root) + (0.5 * Math.Sqrt(8 - (4 * root) + (8 * (2 - square) / (square * Math.Sqrt(1 + root)))));
        double b = (a - 1) * (a - 1) / 4, c = a + b - 1;
        TensorPrimitives.Multiply(gram, c, gram);
        for (int i = 0; i < d; i++)
            gram[(i * d) + i] += 1;
        PositiveInverse.InPlace(gram, d);
        TensorPrimitives.Multiply(x, b / c, next);
        BlockedProduct.Add(MatrixView.Of(gram, d, d), MatrixView.Of(x, d, d), next, scale: a - (b / c));
        return Math.Min(1, least * (a + (b * square)) / (1 + (c * square)));
    }
}
