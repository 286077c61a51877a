namespace Sweep.Diffusion.Networks;

/// <summary>
/// A <see cref="UNetShape"/> written to be read, in double: the meaning of its weights, and the oracle that libtorch's is tested against. Images are channels
/// of (side, side). Slow.
/// </summary>
public static class ReferenceUNet
{
    /// <summary>The output (d) for one row.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="weights">In the order of its blocks.</param>
    /// <param name="x">The scaled x, (d), row by row of the image.</param>
    /// <param name="features">Of the noise level.</param>
    public static double[] Forward(UNetShape shape, double[] weights, double[] x, double[] features)
    {
        var layers = new ReferenceLayers(shape.Blocks, weights);
        double[] embedding = Activated(shape, layers.Linear("embedding.1", Activated(shape, layers.Linear("embedding.0", features))));
        double[,] image = new double[shape.Side, shape.Side];
        Buffer.BlockCopy(x, 0, image, 0, x.Length * sizeof(double));
        double[][,] h = layers.Convolution("input", [image]);
        int last = shape.Levels - 1;
        List<double[][,]> kept = [];
        for (int level = 0; level <= last; level++)
        {
            for (int block = 0; block < shape.HiddenLayers; block++)
                h = Block(shape, layers, h, embedding, $"down.{level}.{block}");
            if (level == last)
                break;
            kept.Add(h);
            h = layers.Convolution($"down.{level}.half", h, stride: 2);
        }

        for (int level = last - 1; level >= 0; level--)
        {
            h = [.. layers.Convolution($"up.{level}.double", Doubled(h)), .. kept[level]];
            for (int block = 0; block < shape.HiddenLayers; block++)
                h = Block(shape, layers, h, embedding, $"up.{level}.{block}");
        }

        return [.. layers.Convolution("output", Affine(shape, layers, h, "output.norm"))[0].Cast<double>()];
    }

    private static double[][,] Block(UNetShape shape, ReferenceLayers layers, double[][,] x, double[] embedding, string name)
    {
        double[][,] h = layers.Convolution($"{name}.first", Affine(shape, layers, x, $"{name}.norm"));
        double[] parts = layers.Linear($"{name}.modulation", embedding);
        int channels = h.Length;
        h = layers.Convolution($"{name}.second",
            Map(Normalised(h), (c, v) => ReferenceMlp.Value(shape.Activation, (v * (1 + parts[c])) + parts[channels + c])));
        double[][,] skip = x.Length == channels ? x : layers.Pixelwise($"{name}.skip", x);
        return [.. h.Select((image, c) => Sum(image, skip[c]))];
    }

    /// <summary>Group normalisation with scale and shift, then the activation.</summary>
    private static double[][,] Affine(UNetShape shape, ReferenceLayers layers, double[][,] x, string name)
    {
        double[] scale = layers.Values($"{name}.weight").ToArray(), shift = layers.Values($"{name}.bias").ToArray();
        return Map(Normalised(x), (c, v) => ReferenceMlp.Value(shape.Activation, (v * scale[c]) + shift[c]));
    }

    private static double[][,] Normalised(double[][,] x)
    {
        int size = x.Length / UNetShape.Groups(x.Length);
        double[] means = new double[x.Length], roots = new double[x.Length];
        for (int first = 0; first < x.Length; first += size)
        {
            double[] values = [.. x.Skip(first).Take(size).SelectMany(image => image.Cast<double>())];
            double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
            Array.Fill(means, mean, first, size);
            Array.Fill(roots, Math.Sqrt(variance + UNetShape.Epsilon), first, size);
        }

        return Map(x, (c, v) => (v - means[c]) / roots[c]);
    }

    private static double[][,] Doubled(double[][,] x) => [.. x.Select(image =>
    {
        int side = 2 * image.GetLength(0);
        double[,] larger = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
                larger[row, column] = image[row / 2, column / 2];
        }

        return larger;
    })];

    private static double[][,] Map(double[][,] x, Func<int, double, double> value) => [.. x.Select((image, channel) =>
    {
        int side = image.GetLength(0);
        double[,] result = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
                result[row, column] = value(channel, image[row, column]);
        }

        return result;
    })];


    private static double[,] Sum(double[,] one, double[,] other)
    {
        int side = other.GetLength(0);
        double[,] result = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
                result[row, column] = one[row, column] + other[row, column];
        }

        return result;
    }

    private static double[] Activated(UNetShape shape, double[] z) => Array.ConvertAll(z, v => ReferenceMlp.Value(shape.Activation, v));
}
