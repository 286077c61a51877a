namespace Sweep.Diffusion.Networks.Reference;

/// <summary>Weighted counts, sums and second moments of points by component: what a maximization step needs.</summary>
internal sealed class MixtureMoments(int components, int dimensions)
{
    /// <summary>(K).</summary>
    internal double[] Counts { get; } = new double[components];

    /// <summary>(K, d).</summary>
    internal double[] Sums { get; } = new double[components * dimensions];

    /// <summary>(K, d, d), the lower triangle alone.</summary>
    internal double[] Products { get; } = new double[components * dimensions * dimensions];

    internal void Add(int component, double weight, ReadOnlySpan<double> point)
    {
        Counts[component] += weight;
        for (int i = 0; i < dimensions; i++)
        {
            double v = weight * point[i];
            Sums[(component * dimensions) + i] += v;
            int row = ((component * dimensions) + i) * dimensions;
            for (int j = 0; j <= i; j++)
                Products[row + j] += v * point[j];
        }
    }
}
