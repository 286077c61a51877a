using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Builds the table of one coordinate's marginal Gaussianization z = Phi^-1(F(x)), F the distribution function of a kernel density estimate
/// (Chen and Gopinath, "Gaussianization", NIPS 2000, equation 6; Laparra et al., "Iterative Gaussianization", IEEE TNN 22, 2011). The table holds
/// x as a rational-quadratic spline of z and is the map itself: forward, inverse and derivative all come from it.
/// <para>
/// Knots are placed where they are needed: cells are halved until the spline agrees with the exact estimate at their middles, in z and in slope, so steep modes
/// and flat gaps are both resolved. Outside the data z goes on as a straight line (see <see cref="TailLine"/>).
/// Between modes that nothing joins F is flat to rounding and z(x) would have no inverse: there (and only there) z rises with the smallest allowed slope, and
/// the tables of both sides are shifted apart by what that adds. At 1e-5 / sd it gives the gap itself a probability of the order of 1e-6.
/// </para>
/// </summary>
internal static class KdeGaussianization
{
    /// <summary>A gap begins and ends so many bandwidths from the kernels beside it.</summary>
    private const double GapEdge = 4;

    private const double NormalTolerance = 1e-6;
    private const double LogSlopeTolerance = 1e-3;

    /// <summary>No cell may span more than this in z, so that it holds few latent points' worth of shape.</summary>
    private const double WidestNormal = 0.5;

    /// <summary>Cells aren't halved below this share of a bandwidth: the estimate has no structure there.</summary>
    private const double NarrowestBandwidths = 1.0 / 32;

    /// <summary>A bound on a table's size (64 bytes a cell), reached by heavy tails of isolated points; refinement then stops early.</summary>
    private const int LargestTable = 16384;

    private const int InitialQuantiles = 64;

    /// <summary>The table for points of which at least two differ.</summary>
    /// <param name="sorted">Increasing.</param>
    /// <param name="bandwidth">h, positive.</param>
    /// <param name="smallestSlope">The bound on dz/dx from below, in units of 1/sd.</param>
    /// <param name="plateau">True when the bound was needed: the estimate is flat somewhere between modes.</param>
    public static RationalQuadraticSpline Build(ReadOnlySpan<double> sorted, double bandwidth, double smallestSlope, out bool plateau)
    {
        var kde = GaussianKde.Grouped(sorted, bandwidth);
        var lower = TailLine.Fit(kde, sorted.Length, upper: false);
        var upper = TailLine.Fit(kde, sorted.Length, upper: true);
        var knots = Refine(InitialKnots(kde, lower.Start, upper.Start), kde);
        knots[0] = knots[0] with { Slope = lower.Slope };
        knots[^1] = knots[^1] with { Slope = upper.Slope };
        double smallest = smallestSlope / StandardDeviation(sorted);
        var x = new double[knots.Count];
        var z = new double[knots.Count];
        var slope = new double[knots.Count];
        int middle = 0;
        plateau = false;
        for (int k = 0; k < knots.Count; k++)
        {
            x[k] = knots[k].X;
            slope[k] = 1 / Math.Max(knots[k].Slope, smallest);
            plateau |= knots[k].Slope < smallest;
            if (Math.Abs(knots[k].Z) < Math.Abs(knots[middle].Z))
                middle = k;
        }

        z[middle] = knots[middle].Z;
        for (int k = middle + 1; k < z.Length; k++)
            z[k] = z[k - 1] + Rise(knots[k - 1], knots[k], smallest);
        for (int k = middle - 1; k >= 0; k--)
            z[k] = z[k + 1] - Rise(knots[k], knots[k + 1], smallest);
        return Spline(z, x, slope);
    }

    /// <summary>Without knots that lie as near to their neighbour as rounding: a plateau's rise may be less than a rounding of z.</summary>
    private static RationalQuadraticSpline Spline(double[] z, double[] x, double[] slope)
    {
        int[] kept = [.. Enumerable.Range(0, z.Length).Where(k => k == 0 || (z[k] > z[k - 1] && x[k] > x[k - 1]))];
        return kept.Length == z.Length
            ? new RationalQuadraticSpline(z, x, slope)
            : new RationalQuadraticSpline([.. kept.Select(k => z[k])], [.. kept.Select(k => x[k])], [.. kept.Select(k => slope[k])]);
    }

    private static double Rise(Knot left, Knot right, double smallest) =>
        Math.Max(right.Z - left.Z, smallest * (right.X - left.X));

    /// <summary>Both ends, quantiles of the points, and both edges of every gap.</summary>
    private static List<Knot> InitialKnots(GaussianKde kde, double start, double end)
    {
        double h = kde.Bandwidth;
        double[] c = kde.Centres;
        double narrowest = NarrowestBandwidths * h;
        var positions = new List<double>();
        for (int i = 0; i <= InitialQuantiles; i++)
            positions.Add(c[(int)((long)i * (c.Length - 1) / InitialQuantiles)]);
        for (int i = 1; i < c.Length && positions.Count < LargestTable / 4; i++)
        {
            if (c[i] - c[i - 1] > 2 * GapEdge * h)
            {
                positions.Add(c[i - 1] + (GapEdge * h));
                positions.Add(c[i] - (GapEdge * h));
            }
        }

        positions.Sort();
        var knots = new List<Knot>(positions.Count + 2) { Knot.At(kde, start) };
        foreach (double x in positions)
        {
            if (x - knots[^1].X > narrowest && end - x > narrowest)
                knots.Add(Knot.At(kde, x));
        }

        knots.Add(Knot.At(kde, end));
        return knots;
    }

    /// <summary>Halves all cells that aren't good enough, level by level.</summary>
    private static List<Knot> Refine(List<Knot> knots, GaussianKde kde)
    {
        double narrowest = 2 * NarrowestBandwidths * kde.Bandwidth;
        var settled = new HashSet<double>();
        bool again = true;
        while (again && knots.Count < LargestTable)
        {
            again = false;
            var next = new List<Knot>(knots.Count * 2) { knots[0] };
            for (int k = 1; k < knots.Count; k++)
            {
                var (left, right) = (knots[k - 1], knots[k]);
                if (right.X - left.X > narrowest && next.Count < LargestTable && !settled.Contains(left.X))
                {
                    var middle = Knot.At(kde, left.X + (0.5 * (right.X - left.X)));
                    if (IsGood(left, middle, right))
                    {
                        settled.Add(left.X);
                    }
                    else
                    {
                        next.Add(middle);
                        again = true;
                    }
                }

                next.Add(right);
            }

            knots = next;
        }

        return knots;
    }

    private static bool IsGood(Knot left, Knot middle, Knot right)
    {
        double width = right.Z - left.Z;
        if (!(width > 1e-12))
            return true; // flat to rounding: the plateau's line will carry it
        if (width > WidestNormal)
            return false;
        if (!(left.Slope > 0) || !(right.Slope > 0))
            return false;
        double height = right.X - left.X;
        double secant = height / width;
        double slope0 = 1 / left.Slope, slope1 = 1 / right.Slope;
        double t = (middle.Z - left.Z) / width;
        double q = t * (1 - t);
        double denominator = secant + ((slope0 + slope1 - (2 * secant)) * q);
        double x = left.X + (height * ((secant * t * t) + (slope0 * q)) / denominator);
        double ratio = secant / denominator;
        double slope = ratio * ratio * ((slope1 * t * t) + (2 * secant * q) + (slope0 * (1 - t) * (1 - t)));
        return Math.Abs(x - middle.X) * middle.Slope < NormalTolerance && Math.Abs(Math.Log(slope * middle.Slope)) < LogSlopeTolerance;
    }

    internal static double StandardDeviation(ReadOnlySpan<double> values)
    {
        double mean = 0, square = 0;
        foreach (double v in values)
            mean += (v - values[0]) / values.Length;
        foreach (double v in values)
            square += (v - values[0] - mean) * (v - values[0] - mean) / values.Length;
        return Math.Sqrt(square);
    }

    /// <summary>A point of the exact estimate's map.</summary>
    private readonly record struct Knot(double X, double Z, double Slope)
    {
        public static Knot At(GaussianKde kde, double x)
        {
            var value = kde.At(x);
            double z = value.Normal;
            return new Knot(x, z, value.Density / StandardNormal.Density(z));
        }
    }
}
