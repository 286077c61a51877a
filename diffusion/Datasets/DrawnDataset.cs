using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>Points of a recipe whose density is not known in closed form (or only known where it is stated). Immutable and thread-safe.</summary>
/// <param name="dimensions">Dimensions of a point.</param>
/// <param name="draw">Writes one point.</param>
/// <param name="density">The exact density, or null.</param>
/// <param name="modes">The modes, or null.</param>
internal sealed class DrawnDataset(int dimensions, DrawnDataset.Recipe draw, IDensity? density = null, IModes? modes = null) : IDataset
{
    /// <summary>Draws one point.</summary>
    internal delegate void Recipe(ref PhiloxStream stream, Span<double> point);

    public int Dimensions => dimensions;

    public IDensity? Density => density;

    public IModes? Modes => modes;

    public DatasetSplit Draw(SplitSizes sizes, ulong seed) =>
        DatasetDraw.FromStreams(sizes, seed, dimensions, (ref PhiloxStream stream, Span<double> points) =>
        {
            for (int i = 0; i < points.Length; i += dimensions)
                draw(ref stream, points.Slice(i, dimensions));
        });
}
