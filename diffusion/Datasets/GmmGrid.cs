using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>gmm-grid: side x side equal isotropic Gaussians, evenly spaced on [-half_width, half_width]^2, rotated counter-clockwise.</summary>
internal static class GmmGrid
{
    internal static Kind<IDataset> Kind { get; } = new(
        "gmm-grid",
        "equal Gaussians on a rotated square grid",
        [
            Parameter.Integer("side", 3, 1, 64, "Gaussians along a side"),
            Parameter.Real("half_width", 1, "half the side of the square", DefinitionParameters.SmallestLength, DefinitionParameters.LargestLength),
            DefinitionParameters.Std(0.12),
            Parameter.Real("rotation_degrees", 30, "counter-clockwise rotation, in degrees", -3600, 3600),
        ],
        Create);

    private static MixtureDataset Create(ParameterValues values)
    {
        int side = values.Integer("side");
        double halfWidth = values.Real("half_width");
        (double sin, double cos) = Math.SinCos(values.Real("rotation_degrees") * Math.PI / 180);
        double[] means = new double[2 * side * side];
        for (int k = 0; k < side * side; k++)
        {
            double x = Coordinate(k % side), y = Coordinate(k / side);
            means[2 * k] = (cos * x) - (sin * y);
            means[(2 * k) + 1] = (sin * x) + (cos * y);
        }

        return EqualMixture.Of(means, 2, values.Real("std"));

        double Coordinate(int index) => side == 1 ? 0 : halfWidth * ((2.0 * index / (side - 1)) - 1);
    }
}
