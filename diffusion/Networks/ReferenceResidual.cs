namespace Sweep.Diffusion.Networks;

/// <summary>
/// A <see cref="ResidualShape"/> written to be read, in double: the meaning of its weights, and the oracle that libtorch's is tested against. Slow.
/// </summary>
public static class ReferenceResidual
{
    /// <summary>The output (d) for one row.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="weights">In the order of its blocks.</param>
    /// <param name="x">The scaled x, (d).</param>
    /// <param name="features">Of the noise level.</param>
    public static double[] Forward(ResidualShape shape, double[] weights, double[] x, double[] features)
    {
        var layers = new ReferenceLayers(shape.Blocks, weights);
        double[] embedding = Activated(shape, layers.Linear("embedding", features)), h = layers.Linear("input", x);
        int width = shape.Width;
        for (int block = 0; block < shape.HiddenLayers; block++)
        {
            double[] parts = layers.Linear($"block.{block}.modulation", embedding);
            double[] u = layers.Linear($"block.{block}.first", Modulated(h, parts.AsSpan(0, width), parts.AsSpan(width, width)));
            u = layers.Linear($"block.{block}.second", Activated(shape, u));
            for (int i = 0; i < width; i++)
                h[i] += parts[(2 * width) + i] * u[i];
        }

        double[] head = layers.Linear("head.modulation", embedding);
        double[] output = layers.Linear("output", Modulated(h, head.AsSpan(0, width), head.AsSpan(width, width))), skip = layers.Product("skip", x);
        return [.. output.Zip(skip, (a, b) => a + b)];
    }

    private static double[] Activated(ResidualShape shape, double[] z) => Array.ConvertAll(z, v => ReferenceMlp.Value(shape.Activation, v));

    private static double[] Modulated(double[] h, ReadOnlySpan<double> shift, ReadOnlySpan<double> scale)
    {
        double mean = h.Average(), variance = h.Average(v => (v - mean) * (v - mean));
        double[] result = new double[h.Length];
        for (int i = 0; i < h.Length; i++)
            result[i] = ((h[i] - mean) / Math.Sqrt(variance + ResidualShape.Epsilon) * (1 + scale[i])) + shift[i];
        return result;
    }
}
