using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>A density estimate at one point: P(X &lt;= x), P(X &gt; x), each to its own relative accuracy, and the density per unit of x.</summary>
internal readonly record struct KdeValue(double Lower, double Upper, double Density)
{
    /// <summary>z = Phi^-1(F), from whichever tail is the smaller.</summary>
    public double Normal => StandardNormal.QuantileOfTails(Lower, Upper);
}
