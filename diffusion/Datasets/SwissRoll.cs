using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// swiss-roll: (t cos t, t sin t) / 10 with t uniform on [1.5 pi, 4.5 pi], plus N(0, noise^2 I) in that unit; with three dimensions the second coordinate is
/// the roll's axis, uniform on [-1, 1]. scikit-learn's make_swiss_roll in a tenth of its unit and with a centred axis. The density has no closed form.
/// </summary>
internal static class SwissRoll
{
    internal static Kind<IDataset> Kind { get; } = new(
        "swiss-roll",
        "a rolled-up strip with noise",
        [
            Parameter.Integer("dimensions", 2, 2, 3, "2 for the roll's section, 3 for the roll"),
            DefinitionParameters.Noise(0.02),
        ],
        Create);

    private static DrawnDataset Create(ParameterValues values)
    {
        int dimensions = values.Integer("dimensions");
        double noise = values.Real("noise");
        return new DrawnDataset(dimensions, (ref PhiloxStream stream, Span<double> point) =>
        {
            double t = 1.5 * Math.PI * (1 + (2 * stream.NextDouble()));
            (double sin, double cos) = Math.SinCos(t);
            point[0] = t * cos / 10;
            point[^1] = t * sin / 10;
            if (point.Length == 3)
                point[1] = (2 * stream.NextDouble()) - 1;
            foreach (ref double v in point)
                v += noise * stream.NextNormal();
        });
    }
}
