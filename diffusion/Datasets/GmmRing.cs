using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>gmm-ring: equal isotropic Gaussians evenly spaced on a circle, the first on the positive x-axis.</summary>
internal static class GmmRing
{
    internal static Kind<IDataset> Kind { get; } = new(
        "gmm-ring",
        "equal Gaussians on a circle",
        [
            DefinitionParameters.Components(8),
            Parameter.Real("radius", 1, "radius of the circle", DefinitionParameters.SmallestLength, DefinitionParameters.LargestLength),
            DefinitionParameters.Std(0.08),
        ],
        Create);

    private static MixtureDataset Create(ParameterValues values)
    {
        double[] means = new double[2 * values.Integer("components")];
        for (int k = 0; k < means.Length / 2; k++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * k / (means.Length / 2));
            means[2 * k] = values.Real("radius") * cos;
            means[(2 * k) + 1] = values.Real("radius") * sin;
        }

        return EqualMixture.Of(means, 2, values.Real("std"));
    }
}
