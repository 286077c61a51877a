using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>FastICA as it was when trials were first stored, with one start: what <c>starts: 1</c> must give, bit for bit. Not to be changed.</summary>
internal static class FirstFastIca
{
    public static double[] Fit(ReadOnlySpan<double> components, int d, Contrast contrast, ulong seed, int layer)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.PreprocessingFit, (uint)layer);
        var normal = new double[d * d];
        stream.FillNormal(normal);
        double[] w = Decorrelate(normal, d), best = w;
        double smallest = double.PositiveInfinity;
        for (int iteration = 1; smallest >= 1e-10 && iteration <= 200; iteration++)
        {
            double[] next = Decorrelate(Step(components, w, d, contrast), d);
            double turn = 0;
            for (int i = 0; i < d; i++)
                turn = Math.Max(turn, Math.Abs(Math.Abs(TensorPrimitives.Dot(next.AsSpan(i * d, d), w.AsSpan(i * d, d))) - 1));
            if (turn < smallest)
                (smallest, best) = (turn, next);
            w = iteration < 30 ? next : Halfway(w, next, d);
        }

        return best;
    }

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
        Span<double> u = new double[1024], scratch = new double[1024];
        for (int start = 0; start < n; start += 1024)
        {
            int length = Math.Min(1024, n - start);
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

    private static double[] Decorrelate(double[] w, int d)
    {
        var svd = Matrix<double>.Build.Dense(d, d, (i, j) => w[(i * d) + j]).Svd();
        return (svd.U * svd.VT).ToRowMajorArray();
    }
}
