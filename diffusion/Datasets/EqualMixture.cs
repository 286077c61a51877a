namespace Sweep.Diffusion.Datasets;

/// <summary>Equal mixtures of equal isotropic Gaussians.</summary>
internal static class EqualMixture
{
    /// <param name="means">(K, d) row-major.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="std">Each component's standard deviation.</param>
    internal static MixtureDataset Of(double[] means, int dimensions, double std)
    {
        int components = means.Length / dimensions;
        return new MixtureDataset(GaussianMixture.Isotropic(
            Enumerable.Repeat(1.0, components).ToArray(), means, Enumerable.Repeat(std, components).ToArray()));
    }
}
