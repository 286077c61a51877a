using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// The exact density of preprocessed points: a Gaussian mixture stays one under an affine map z = A (x - shift), with means A (m - shift) and covariances A C
/// A^T.
/// </summary>
public static class LatentMixture
{
    /// <summary>1 GiB of covariances and their factors.</summary>
    private const long MaximumCovarianceEntries = 1L << 26;

    /// <summary>
    /// Gaussians of a density written down as a mixture; null for one that is none. What <see cref="Of"/> gives has as many, provided there is no obstacle.
    /// </summary>
    public static int? Components(IDensity? density) => density switch
    {
        GaussianMixture m => m.Components,
        ProductMixture p => p.Combinations,
        _ => null,
    };

    /// <summary>Why <see cref="Of"/> would give nothing even after an affine preprocessing: a clause for an error; null when it gives a mixture.</summary>
    public static string? Obstacle(IDensity? density)
    {
        if (density is null)
            return "the dataset's density is not known";
        if (Components(density) is not { } components)
            return "the dataset's density is not a Gaussian mixture";
        if (density is ProductMixture && components > ProductMixture.MaximumCombinations)
            return $"the dataset's density is a mixture of more than {ProductMixture.MaximumCombinations} components";
        return (long)density.Dimensions * density.Dimensions * components > MaximumCovarianceEntries
            ? $"the dataset's density has more than {MaximumCovarianceEntries} entries of covariances"
            : null;
    }

    /// <summary>The same for a preprocessing that may not be affine.</summary>
    public static string? Obstacle(IDensity? density, IPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return Obstacle(density) ?? (preprocessing.IsAffine ? null : "the preprocessing is not affine");
    }

    /// <summary>
    /// The density in latent space; null when it isn't a mixture that can be written down (an unknown density, a product of too many factors, too many
    /// covariance entries) or the map isn't affine (marginal and Gaussianizing layers).
    /// </summary>
    public static GaussianMixture? Of(IDensity? density, IFittedPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (density is not null && density.Dimensions != preprocessing.Dimensions)
            throw new ArgumentException($"preprocessing of {preprocessing.Dimensions} dimensions; allowed: {density.Dimensions}, as the density",
                nameof(preprocessing));
        if (preprocessing.AffineMatrices is not { } matrices)
            return null;
        GaussianMixture? mixture = density switch
        {
            GaussianMixture m => m,
            ProductMixture p => p.Expand(),
            _ => null,
        };
        if (mixture is null || matrices.Count == 0)
            return mixture;
        int d = mixture.Dimensions;
        if ((long)d * d * mixture.Components > MaximumCovarianceEntries)
            return null;

        double[] means = mixture.Means.ToArray();
        preprocessing.Forward(means, means);
        double[] matrix = matrices[0];
        foreach (double[] next in matrices.Skip(1))
            matrix = Product(next, matrix, d, transposed: false);
        double[] covariances = new double[mixture.Components * d * d], covariance = new double[d * d];
        for (int k = 0; k < mixture.Components; k++)
        {
            mixture.Shapes.Covariance(k, covariance);
            double[] pushed = Product(Product(matrix, covariance, d, transposed: false), matrix, d, transposed: true);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    covariances[(((k * d) + i) * d) + j] = 0.5 * (pushed[(i * d) + j] + pushed[(j * d) + i]);
            }
        }

        return GaussianMixture.Full([.. mixture.Weights], means, covariances);
    }

    /// <summary>A B, or A B^T; row-major (d, d).</summary>
    private static double[] Product(ReadOnlySpan<double> a, double[] b, int d, bool transposed)
    {
        var result = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double sum = 0;
                for (int m = 0; m < d; m++)
                    sum += a[(i * d) + m] * (transposed ? b[(j * d) + m] : b[(m * d) + j]);
                result[(i * d) + j] = sum;
            }
        }

        return result;
    }
}
