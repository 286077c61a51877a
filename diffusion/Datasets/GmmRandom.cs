using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>gmm-random: equal isotropic Gaussians whose means are drawn from N(0, I).</summary>
internal static class GmmRandom
{
    internal static Kind<IDataset> Kind { get; } = new(
        "gmm-random",
        "equal Gaussians with random means",
        [
            DefinitionParameters.Dimensions(4),
            DefinitionParameters.Components(8),
            DefinitionParameters.Std(0.15),
            DefinitionParameters.Seed,
        ],
        Create);

    private static MixtureDataset Create(ParameterValues values)
    {
        PhiloxStream stream = DefinitionParameters.Stream(values);
        int dimensions = values.Integer("dimensions");
        double[] means = new double[values.Integer("components") * dimensions];
        stream.FillNormal(means);
        return EqualMixture.Of(means, dimensions, values.Real("std"));
    }
}
