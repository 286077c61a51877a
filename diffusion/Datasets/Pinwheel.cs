using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// pinwheel: blades, equally likely. A point is Gaussian along the blade (mean 1, radial_std) and across (mean 0, tangential_std), then turned by 2 pi k /
/// blades + rate exp(its place along the blade) (Johnson et al., "Composing graphical models with neural networks", arXiv 1603.06277, whose rate is 0.25). The
/// turn's angle depends on the place along the blade, not on the radius, so that the map has no inverse in closed form, nor has the density.
/// </summary>
internal static class Pinwheel
{
    /// <summary>The twist grows exponentially along a blade: from here on a far point's angle would overflow.</summary>
    private const double LargestRadialStd = 50;

    internal static Kind<IDataset> Kind { get; } = new(
        "pinwheel",
        "Gaussian blades, twisted about the centre",
        [
            Parameter.Integer("blades", 5, 1, 64, "number of blades"),
            Parameter.Real("radial_std", 0.3, "standard deviation along a blade", DefinitionParameters.SmallestLength, LargestRadialStd),
            Parameter.Real("tangential_std", 0.05, "standard deviation across a blade", DefinitionParameters.SmallestLength,
                DefinitionParameters.LargestLength),
            Parameter.Real("rate", 0.25, "twist: the angle at the centre, in radians, growing e-fold per unit of radius", minimum: -10, maximum: 10),
        ],
        Create);

    private static DrawnDataset Create(ParameterValues values)
    {
        int blades = values.Integer("blades");
        double radial = values.Real("radial_std"), tangential = values.Real("tangential_std"), rate = values.Real("rate");
        return new DrawnDataset(2, (ref PhiloxStream stream, Span<double> point) =>
        {
            int blade = stream.NextInt(blades);
            double along = 1 + (radial * stream.NextNormal()), across = tangential * stream.NextNormal();
            (double sin, double cos) = Math.SinCos((2 * Math.PI * blade / blades) + (rate * Math.Exp(along)));
            point[0] = (along * cos) - (across * sin);
            point[1] = (along * sin) + (across * cos);
        });
    }
}
