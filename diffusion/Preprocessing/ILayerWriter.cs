using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Takes down the way back to data space, layer by layer, in the forms that devices know.</summary>
internal interface ILayerWriter
{
    /// <summary>x = matrix z + shift.</summary>
    /// <param name="shift">(d)</param>
    /// <param name="matrix">Row-major (d, d).</param>
    void Affine(ReadOnlySpan<double> shift, ReadOnlySpan<double> matrix);

    /// <summary>x_j = spline_j(z_j).</summary>
    /// <param name="splines">(d)</param>
    void Splines(IReadOnlyList<RationalQuadraticSpline> splines);
}
