namespace Sweep.Diffusion.Datasets;

/// <summary>
/// The combinations of a <see cref="ProductMixture"/>'s components as its modes, in the order of <see cref="ProductMixture.Expand"/>. Distances add up over
/// factors, so the nearest combination is the nearest component of each factor: assigning costs no more than the factors do.
/// </summary>
internal sealed class ProductModes : IModes
{
    private readonly ProductMixture _product;

    internal ProductModes(ProductMixture product)
    {
        _product = product;
        double[] weights = new double[product.Combinations];
        for (int combination = 0; combination < weights.Length; combination++)
        {
            weights[combination] = 1;
            int rest = combination;
            foreach (GaussianMixture factor in product.Factors)
            {
                weights[combination] *= factor.Weights[rest % factor.Components];
                rest /= factor.Components;
            }
        }

        Weights = weights;
    }

    public IReadOnlyList<double> Weights { get; }

    public void Assign(ReadOnlySpan<double> points, Span<int> mode, Span<double> mahalanobis)
    {
        int d = _product.Dimensions;
        double[] s = new double[d];
        for (int row = 0; row < points.Length / d; row++)
        {
            _product.Unmix(points.Slice(row * d, d), s);
            int combination = 0, stride = 1;
            double squares = 0;
            for (int factor = 0; factor < d; factor++)
            {
                ReadOnlySpan<double> means = _product.Factors[factor].Means;
                ReadOnlySpan<double> stds = _product.Stds(factor);
                int nearest = 0;
                double smallest = double.PositiveInfinity;
                for (int k = 0; k < means.Length; k++)
                {
                    double distance = Math.Abs((s[factor] - means[k]) / stds[k]);
                    if (distance < smallest)
                        (nearest, smallest) = (k, distance);
                }

                // A NaN is near nothing, and its distance is NaN as in every other IModes.
                squares += double.IsFinite(s[factor]) ? smallest * smallest : double.NaN;
                combination += nearest * stride;
                stride *= means.Length;
            }

            mode[row] = combination;
            mahalanobis[row] = Math.Sqrt(squares);
        }
    }
}
