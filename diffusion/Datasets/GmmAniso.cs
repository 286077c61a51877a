using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// gmm-aniso: scales s_k = 1/k; means Q (s * N(0, I)), every covariance Q diag((0.3 s_k)^2) Q^T, equal weights, Q uniformly random.
/// The structure is that of real data's principal components: few wide directions, many narrow.
/// </summary>
internal static class GmmAniso
{
    private const double RelativeStd = 0.3;

    /// <summary>128 MiB of covariances, and as much again for their factors.</summary>
    private const long MaximumCovarianceEntries = 1L << 24;

    internal static Kind<IDataset> Kind { get; } = new(
        "gmm-aniso",
        "Gaussians whose scales fall as 1/k along random axes",
        [DefinitionParameters.Dimensions(8), DefinitionParameters.Components(8), DefinitionParameters.Seed],
        Create);

    private static MixtureDataset Create(ParameterValues values)
    {
        int d = values.Integer("dimensions"), components = values.Integer("components");
        if ((long)d * d * components > MaximumCovarianceEntries)
        {
            throw new KindException(
                $"dimensions and components: {d} and {components}; allowed: dimensions^2 components up to {MaximumCovarianceEntries}");
        }

        PhiloxStream stream = DefinitionParameters.Stream(values);
        double[] q = RandomOrthogonal.Draw(ref stream, d);
        double[] means = new double[components * d];
        double[] covariances = new double[components * d * d];
        for (int k = 0; k < components; k++)
        {
            for (int m = 0; m < d; m++)
            {
                double coordinate = stream.NextNormal() / (m + 1);
                for (int i = 0; i < d; i++)
                    means[(k * d) + i] += q[(i * d) + m] * coordinate;
            }
        }

        for (int i = 0; i < d * d; i++)
        {
            double covariance = 0;
            for (int m = 0; m < d; m++)
            {
                double std = RelativeStd / (m + 1);
                covariance += q[(i / d * d) + m] * q[(i % d * d) + m] * std * std;
            }

            for (int k = 0; k < components; k++)
                covariances[(k * d * d) + i] = covariance;
        }

        return new MixtureDataset(GaussianMixture.Full(Enumerable.Repeat(1.0, components).ToArray(), means, covariances));
    }
}
