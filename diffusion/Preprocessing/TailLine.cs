using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// How a marginal map z(x) goes on outside the data: as a straight line. The kernels' own tail has a slope of about 1/h, as if the distribution's flank were as
/// narrow as a kernel; points just outside the training data would be thrown far out, and exponentially so through several layers. So where the kernels' tail
/// is steeper than twice the flank itself, the line starts where half a training point is expected beyond it and has the slope of the flank: that of z between
/// there and the tenth point from the end. A normal flank is then continued as what it is. A wide bandwidth's own tail is followed for four bandwidths.
/// </summary>
/// <param name="Start">Where the line begins, in x.</param>
/// <param name="Slope">dz/dx, positive.</param>
internal readonly record struct TailLine(double Start, double Slope)
{
    /// <summary>The flank begins this many points from the end, or a quarter of them when there are few.</summary>
    private const double FlankPoints = 10;

    /// <summary>How much steeper than the flank the kernels' tail may be.</summary>
    private const double SteepestRatio = 2;

    /// <summary>How far the kernels' own tail is followed, in bandwidths.</summary>
    private const double Margin = 4;

    public static TailLine Fit(GaussianKde kde, int count, bool upper)
    {
        double outermost = upper ? kde.Centres[^1] + (Margin * kde.Bandwidth) : kde.Centres[0] - (Margin * kde.Bandwidth);
        double inner = AtTailMass(kde, Math.Clamp(count / 4.0, 1, FlankPoints) / count, outermost, upper);
        double start = AtTailMass(kde, 0.5 / count, outermost, upper);
        double flank = Secant(kde, inner, start);
        if (Secant(kde, start, outermost) > SteepestRatio * flank)
            return new TailLine(start, flank);
        var end = kde.At(outermost);
        return new TailLine(outermost, end.Density / StandardNormal.Density(end.Normal));
    }

    private static double Secant(GaussianKde kde, double a, double b) => (kde.At(b).Normal - kde.At(a).Normal) / (b - a);

    /// <summary>Where the tail beyond x holds this mass.</summary>
    private static double AtTailMass(GaussianKde kde, double mass, double outermost, bool upper)
    {
        double inside = upper ? kde.Centres[0] : kde.Centres[^1];
        double outside = outermost;
        for (int i = 0; i < 60; i++)
        {
            double middle = inside + (0.5 * (outside - inside));
            if (middle == inside || middle == outside)
                break;
            var value = kde.At(middle);
            if ((upper ? value.Upper : value.Lower) > mass)
                inside = middle;
            else
                outside = middle;
        }

        return outside;
    }
}
