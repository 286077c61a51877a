using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// moons: two interleaved half circles of radius 1, equally likely: (cos t, sin t) and (1 - cos t, 1/2 - sin t) with t uniform on [0, pi], plus N(0, noise^2
/// I), all less the mean (1/2, 1/4). scikit-learn's make_moons, whose angles are evenly spaced and whose mean is not taken off. The density has no closed form.
/// </summary>
internal static class Moons
{
    internal static Kind<IDataset> Kind { get; } = new(
        "moons",
        "two interleaved half circles with noise",
        [DefinitionParameters.Noise(0.05)],
        Create);

    private static DrawnDataset Create(ParameterValues values)
    {
        double noise = values.Real("noise");
        return new DrawnDataset(2, (ref PhiloxStream stream, Span<double> point) =>
        {
            bool lower = stream.NextDouble() < 0.5;
            (double sin, double cos) = Math.SinCos(Math.PI * stream.NextDouble());
            point[0] = (lower ? 1 - cos : cos) - 0.5 + (noise * stream.NextNormal());
            point[1] = (lower ? 0.5 - sin : sin) - 0.25 + (noise * stream.NextNormal());
        });
    }
}
