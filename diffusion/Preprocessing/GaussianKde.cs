using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// A one-dimensional Gaussian kernel density estimate f(x) = sum_i w_i phi((x - c_i) / h) / h (Silverman, "Density estimation for
/// statistics and data analysis", 1986, equation 2.2a) with both tails of its distribution function. Sums run over the kernels within
/// <see cref="Reach"/> bandwidths only; farther ones count as 0 or 1, which changes a tail by less than 1e-15. Immutable, thread-safe.
/// </summary>
internal sealed class GaussianKde
{
    /// <summary>Kernels farther than this many bandwidths don't count: P(Z &gt; 8) = 6e-16.</summary>
    public const double Reach = 8;

    /// <summary>Groups are 1/16 of a bandwidth wide: replacing their points by their mean changes the kernel's variance by less than 1/3000.</summary>
    private const double GroupsPerBandwidth = 16;

    private readonly double[] _weights;
    private readonly double[] _below;
    private readonly double[] _above;

    private GaussianKde(double[] centres, double[] weights, double bandwidth)
    {
        Centres = centres;
        _weights = weights;
        Bandwidth = bandwidth;
        _below = new double[centres.Length + 1];
        _above = new double[centres.Length + 1];
        for (int i = 0; i < centres.Length; i++)
            _below[i + 1] = _below[i] + weights[i];
        for (int i = centres.Length - 1; i >= 0; i--)
            _above[i] = _above[i + 1] + weights[i];
    }

    /// <summary>h, in the unit of the data.</summary>
    public double Bandwidth { get; }

    /// <summary>Kernel centres, increasing.</summary>
    public double[] Centres { get; }

    /// <summary>One kernel per point.</summary>
    /// <param name="sorted">The points, in increasing order.</param>
    /// <param name="bandwidth">h, positive.</param>
    public static GaussianKde Exact(ReadOnlySpan<double> sorted, double bandwidth)
    {
        var weights = new double[sorted.Length];
        Array.Fill(weights, 1.0 / sorted.Length);
        return new GaussianKde(sorted.ToArray(), weights, bandwidth);
    }

    /// <summary>
    /// Points in the same sixteenth of a bandwidth become one kernel at their mean, so that a sum costs at most 256 terms however many
    /// points there are. Ties and isolated points stay exact.
    /// </summary>
    /// <param name="sorted">The points, in increasing order.</param>
    /// <param name="bandwidth">h, positive.</param>
    public static GaussianKde Grouped(ReadOnlySpan<double> sorted, double bandwidth)
    {
        double width = bandwidth / GroupsPerBandwidth;
        var centres = new List<double>();
        var weights = new List<double>();
        for (int i = 0; i < sorted.Length;)
        {
            double start = sorted[i];
            double end = start + width;
            double sum = 0;
            int first = i;
            while (i < sorted.Length && (sorted[i] < end || sorted[i] == start))
                sum += sorted[i++] - start;
            centres.Add(start + (sum / (i - first)));
            weights.Add((double)(i - first) / sorted.Length);
        }

        return new GaussianKde([.. centres], [.. weights], bandwidth);
    }

    /// <summary>Both tails and the density at <paramref name="x"/>.</summary>
    public KdeValue At(double x)
    {
        double inverse = 1 / Bandwidth;
        int i = FirstAtLeast(x - (Reach * Bandwidth));
        double end = x + (Reach * Bandwidth);
        double lower = _below[i], upper = 0, density = 0;
        for (; i < Centres.Length && Centres[i] <= end; i++)
        {
            double u = (x - Centres[i]) * inverse;
            double w = _weights[i];
            double tail = w * StandardNormal.Tail(u, out double phi);
            density += w * phi;
            if (u > 0)
            {
                lower += w - tail;
                upper += tail;
            }
            else
            {
                lower += tail;
                upper += w - tail;
            }
        }

        return new KdeValue(lower, upper + _above[i], density * inverse);
    }

    private int FirstAtLeast(double x)
    {
        int index = Array.BinarySearch(Centres, x);
        if (index < 0)
            return ~index;
        while (index > 0 && Centres[index - 1] >= x)
            index--;
        return index;
    }
}
