using Sweep.Diffusion.Datasets;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Diagnostics;

/// <summary>The points on which models are diagnosed: of the validation split, which neither training nor the metrics see.</summary>
/// <param name="Data">In data space.</param>
/// <param name="Latent">The same after preprocessing.</param>
internal sealed record HeldOutPoints(PointSet Data, PointSet Latent)
{
    /// <summary>At most so many. The share of a mode then has a standard error of about 0.01, an explained share less.</summary>
    public const int MaxPoints = 2048;

    public static HeldOutPoints Of(PreparedData data)
    {
        PointSet first = First(data.Drawn.Split.Validation);
        double[] latent = new double[first.Values.Length];
        data.Fitted.Forward(first.Values, latent);
        return new HeldOutPoints(first, new PointSet(latent, first.Dimensions));
    }

    /// <summary>The first points of a set, at most <see cref="MaxPoints"/>.</summary>
    public static PointSet First(PointSet points) =>
        points.Count <= MaxPoints ? points : new PointSet(points.Values[..(MaxPoints * points.Dimensions)], points.Dimensions);
}
