using System.Numerics;

namespace Sweep.Diffusion.Numerics;

/// <summary>Sums in vectors whose lanes do what a scalar loop does, without fused multiply-adds: the same bits at any width.</summary>
internal static class VectorSums
{
    /// <summary>sum += factor x.</summary>
    /// <param name="factor">A number.</param>
    /// <param name="x">(n).</param>
    /// <param name="sum">(n).</param>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> sum)
    {
        var factors = new Vector<double>(factor);
        int i = 0;
        for (; i + Vector<double>.Count <= x.Length; i += Vector<double>.Count)
            (new Vector<double>(sum[i..]) + (factors * new Vector<double>(x[i..]))).CopyTo(sum[i..]);
        for (; i < x.Length; i++)
            sum[i] += factor * x[i];
    }
}
