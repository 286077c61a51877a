using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Symmetric FastICA (Hyvärinen 1999, equations 20 and 26) on whitened points: w_i ← E[z g(w_i^T z)] - E[g'(w_i^T z)] w_i for all rows at once, then
/// W ← (W W^T)^(-1/2) W, until no row turns any more; from the 30th iteration on by half steps. Not finding an end is an outcome, not an error: normal components have no direction of their own.
/// </summary>
internal static class FastIca
{
    /// <summary>
    /// Converged when 1 - |cos| of the angle that any row turns is below this. The fixed point contracts at least quadratically near a solution, so
    /// the result is then good to about 1e-8.
    /// </summary>
    public const double Tolerance = 1e-10;

    public const int MaximumIterations = 200;

    /// <summary>From here on steps are halved: with few points the plain fixed point may swing between two matrices for ever.</summary>
    private const int UndampedIterations = 30;

    private const int Block = 1024;

    /// <param name="components">Whitened points, one component after the other: (d, n).</param>
    /// <param name="dimensions">d.</param>
    /// <param name="contrast">The contrast function.</param>
    /// <param name="seed">Of the starting rotation.</param>
    /// <param name="layer">Which layer this is: each starts from its own rotation.</param>
    /// <param name="cancellationToken">Looked at once an iteration.</param>
    public static FastIcaResult Fit(
        ReadOnlySpan<double> components, int dimensions, Contrast contrast, ulong seed, int layer, CancellationToken cancellationToken)
    {
        int d = dimensions;
        double[] w = RandomRotation(d, seed, layer);
        double[] best = w;
        double smallest = double.PositiveInfinity;
        int iteration = 0;
        while (smallest >= Tolerance && iteration < MaximumIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            iteration++;
            double[] next = Decorrelate(Step(components, w, d, contrast), d);
            double turn = 0;
            for (int i = 0; i < d; i++)
                turn = Math.Max(turn, Math.Abs(Math.Abs(TensorPrimitives.Dot(next.AsSpan(i * d, d), w.AsSpan(i * d, d))) - 1));
            if (turn < smallest)
                (smallest, best) = (turn, next);
            w = iteration < UndampedIterations ? next : Halfway(w, next, d);
        }

        return new FastIcaResult(best, iteration, smallest < Tolerance);
    }

    /// <summary>A uniformly random orthogonal matrix, row-major (d, d): a normal matrix, decorrelated.</summary>
    public static double[] RandomRotation(int dimensions, ulong seed, int layer)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.PreprocessingFit, (uint)layer);
        var w = new double[dimensions * dimensions];
        stream.FillNormal(w);
        return Decorrelate(w, dimensions);
    }

    /// <summary>Between two iterates (rows of the same sign), decorrelated: their fixed points are the same, but a cycle of two is broken.</summary>
    private static double[] Halfway(double[] w, double[] next, int d)
    {
        var sum = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            double sign = TensorPrimitives.Dot(next.AsSpan(i * d, d), w.AsSpan(i * d, d)) < 0 ? -1 : 1;
            for (int k = 0; k < d; k++)
                sum[(i * d) + k] = w[(i * d) + k] + (sign * next[(i * d) + k]);
        }

        return Decorrelate(sum, d);
    }

    private static double[] Step(ReadOnlySpan<double> z, double[] w, int d, Contrast contrast)
    {
        int n = z.Length / d;
        var next = new double[d * d];
        Span<double> u = new double[Block];
        Span<double> scratch = new double[Block];
        for (int start = 0; start < n; start += Block)
        {
            int length = Math.Min(Block, n - start);
            u = u[..length];
            for (int i = 0; i < d; i++)
            {
                TensorPrimitives.Multiply(z.Slice(start, length), w[i * d], u);
                for (int k = 1; k < d; k++)
                    TensorPrimitives.MultiplyAdd(z.Slice((k * n) + start, length), w[(i * d) + k], u, u);
                double derivative = contrast.Apply(u, scratch[..length]);
                for (int k = 0; k < d; k++)
                    next[(i * d) + k] += (TensorPrimitives.Dot(u, z.Slice((k * n) + start, length)) - (derivative * w[(i * d) + k])) / n;
            }
        }

        return next;
    }

    /// <summary>(W W^T)^(-1/2) W, the nearest orthogonal matrix: U V^T of the singular value decomposition.</summary>
    private static double[] Decorrelate(double[] w, int d)
    {
        var svd = Matrix<double>.Build.Dense(d, d, (i, j) => w[(i * d) + j]).Svd();
        return (svd.U * svd.VT).ToRowMajorArray();
    }
}
