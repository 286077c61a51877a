using System.Numerics.Tensors;

namespace Sweep.Diffusion.Numerics.Matrices;

/// <summary>
/// The inverse of a symmetric positive definite matrix by halves: with S = A22 - A21 A11^-1 A21^T, the lower right of the inverse is S^-1, the lower left -S^-1
/// A21 A11^-1, and the upper left A11^-1 + A11^-1 A21^T S^-1 A21 A11^-1. All work is in matrix products but for small blocks.
/// </summary>
internal static class PositiveInverse
{
    private const int SmallBlock = 32;

    /// <summary>Replaces the matrix. One that is not positive definite gives numbers that mean nothing, or none.</summary>
    /// <param name="a">Row-major (d, d).</param>
    /// <param name="d">Its rows and columns.</param>
    public static void InPlace(double[] a, int d) => Invert(a, d, d);

    /// <param name="a">Starts at the block's corner.</param>
    /// <param name="n">The block's rows and columns.</param>
    /// <param name="step">From row to row.</param>
    private static void Invert(Span<double> a, int n, int step)
    {
        if (n <= SmallBlock)
        {
            InvertSmall(a, n, step);
            return;
        }

        int top = n / 2, bottom = n - top;
        Span<double> lower = a[(top * step)..], corner = a[((top * step) + top)..];
        Invert(a, top, step);
        double[] product = new double[bottom * top];
        BlockedProduct.Set(MatrixView.Of(lower, bottom, top, step), MatrixView.Of(a, top, top, step), product);
        MatrixView t = MatrixView.Of(product, bottom, top);
        BlockedProduct.AddSymmetric(t, MatrixView.Of(lower, bottom, top, step).Transpose, corner, step, scale: -1);
        Invert(corner, bottom, step);
        BlockedProduct.Set(MatrixView.Of(corner, bottom, bottom, step), t, lower, step, scale: -1);
        BlockedProduct.AddSymmetric(t.Transpose, MatrixView.Of(lower, bottom, top, step), a, step, scale: -1);
        for (int i = 0; i < bottom; i++)
        {
            for (int j = 0; j < top; j++)
                a[(j * step) + top + i] = lower[(i * step) + j];
        }
    }

    /// <summary>Gauss and Jordan's elimination, which needs no pivots here.</summary>
    private static void InvertSmall(Span<double> a, int n, int step)
    {
        for (int k = 0; k < n; k++)
        {
            Span<double> pivot = a.Slice(k * step, n);
            double inverse = 1 / pivot[k];
            pivot[k] = 1;
            TensorPrimitives.Multiply(pivot, inverse, pivot);
            for (int i = 0; i < n; i++)
            {
                if (i == k)
                    continue;
                Span<double> row = a.Slice(i * step, n);
                double factor = -row[k];
                row[k] = 0;
                TensorPrimitives.MultiplyAdd(pivot, factor, row, row);
            }
        }
    }
}
