using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// spirals: arms of Archimedes' spiral, equally likely, evenly rotated about the origin. At angle t = 2 pi turns sqrt(u), u uniform, an arm has radius t / (2
/// pi turns), so that points are evenly spread over the disc's area; plus N(0, noise^2 I). The density has no closed form.
/// </summary>
internal static class Spirals
{
    internal static Kind<IDataset> Kind { get; } = new(
        "spirals",
        "arms of a spiral with noise",
        [
            Parameter.Integer("arms", 2, 1, 64, "number of arms"),
            Parameter.Real("turns", 1.5, "turns of an arm about the centre", minimum: 0, maximum: 100, minimumExclusive: true),
            DefinitionParameters.Noise(0.02),
        ],
        Create);

    private static DrawnDataset Create(ParameterValues values)
    {
        int arms = values.Integer("arms");
        double turns = values.Real("turns"), noise = values.Real("noise");
        return new DrawnDataset(2, (ref PhiloxStream stream, Span<double> point) =>
        {
            int arm = stream.NextInt(arms);
            double radius = Math.Sqrt(stream.NextDouble());
            (double sin, double cos) = Math.SinCos(2 * Math.PI * ((turns * radius) + ((double)arm / arms)));
            point[0] = (radius * cos) + (noise * stream.NextNormal());
            point[1] = (radius * sin) + (noise * stream.NextNormal());
        });
    }
}
