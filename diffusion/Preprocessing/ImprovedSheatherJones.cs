using System.Buffers;
using System.Numerics;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// The plug-in bandwidth of Botev, Grotowski and Kroese, "Kernel density estimation via diffusion", Annals of Statistics 38, 2010: the
/// root of t = xi gamma^[5](t), their Algorithm 1. Unlike Silverman's rule it assumes no normal reference, so it resolves
/// separate modes. The squared coefficients of the density come from a cosine transform of the binned points.
/// </summary>
internal static class ImprovedSheatherJones
{
    private const int Bins = 1 << 14;

    /// <summary>Five stages start from the seventh derivative; the paper finds no gain in more.</summary>
    private const int HighestDerivative = 7, LowestDerivative = 2;

    /// <summary>The points' range is padded by this share on both sides, so that the transform's reflecting walls are far.</summary>
    private const double Padding = 0.5;

    private const double SmallestTime = 1e-9;
    private const double LargestTime = 0.1;

    /// <summary>Below this even the largest k^14 no longer counts.</summary>
    private const double Negligible = 1e-100;
    private const double ScanFactor = 2;

    /// <summary>The bandwidth in the unit of the points, or null when the equation has no root that the bins resolve.</summary>
    /// <param name="sorted">Increasing, not all equal.</param>
    public static double? Bandwidth(ReadOnlySpan<double> sorted)
    {
        double span = sorted[^1] - sorted[0];
        double origin = sorted[0] - (Padding * span);
        double range = span * (1 + (2 * Padding));
        var density = new double[Bins];
        int distinct = 1;
        for (int i = 0; i < sorted.Length; i++)
        {
            density[Math.Min((int)((sorted[i] - origin) / range * Bins), Bins - 1)] += 1.0 / sorted.Length;
            if (i > 0 && sorted[i] != sorted[i - 1])
                distinct++;
        }

        double[] a = CosineTransform.Forward(density);
        double[] weights = ArrayPool<double>.Shared.Rent((HighestDerivative + 1) * Bins);
        try
        {
            Weigh(a, weights);
            return Root(weights, distinct) is { } time && Math.Sqrt(time) * range is var bandwidth && bandwidth > range / Bins ? bandwidth : null;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(weights);
        }
    }

    /// <summary>For each derivative s the coefficients k^(2s) a_k^2 of its norm, at s <see cref="Bins"/> + k.</summary>
    private static void Weigh(double[] a, double[] weights)
    {
        for (int k = 0; k < Bins; k++)
        {
            double square = (double)k * k, power = square, coefficient = a[k] * a[k];
            for (int s = LowestDerivative; s <= HighestDerivative; s++)
            {
                power *= square;
                weights[(s * Bins) + k] = power * coefficient;
            }
        }
    }

    /// <summary>Scans upwards for the first change of sign, the smallest root, as the paper wants, and halves the interval.</summary>
    private static double? Root(double[] weights, int count)
    {
        Span<double> times = stackalloc double[Vector<double>.Count], excess = stackalloc double[Vector<double>.Count];
        double low = SmallestTime, atLow = double.NaN;
        for (double next = low; next < LargestTime;)
        {
            for (int i = 0; i < times.Length; i++, next *= ScanFactor)
                times[i] = next;
            Excess(times, weights, count, excess);
            for (int i = 0; i < times.Length && times[i] < LargestTime; i++)
            {
                if (atLow < 0 && excess[i] >= 0)
                    return Halve(low, times[i], weights, count, times, excess);
                (low, atLow) = (times[i], excess[i]);
            }
        }

        return null;
    }

    /// <summary>The middles of several steps' intervals are tried at once, whichever of them turn out to be needed.</summary>
    private static double Halve(double low, double high, double[] weights, int count, Span<double> times, Span<double> excess)
    {
        int levels = BitOperations.Log2((uint)times.Length + 1);
        for (int i = 0; ;)
        {
            times.Fill(high);
            Middles(low, high, 0, levels, times);
            Excess(times, weights, count, excess);
            for (int level = 0, at = 0; level < levels; level++, i++)
            {
                if (i == 60 || !(high - low > 1e-12 * high))
                    return 0.5 * (low + high);
                bool below = excess[at] < 0;
                (low, high) = below ? (times[at], high) : (low, times[at]);
                at = (2 * at) + (below ? 2 : 1);
            }
        }
    }

    /// <summary>A binary tree: the children of middle i are at 2 i + 1, of the lower half, and 2 i + 2.</summary>
    private static void Middles(double low, double high, int at, int levels, Span<double> times)
    {
        if (levels == 0)
            return;
        times[at] = 0.5 * (low + high);
        Middles(low, times[at], (2 * at) + 1, levels - 1, times);
        Middles(times[at], high, (2 * at) + 2, levels - 1, times);
    }

    /// <summary>t - xi gamma^[l](t) of several t: negative below the root.</summary>
    private static void Excess(ReadOnlySpan<double> times, double[] weights, int count, Span<double> excess)
    {
        Span<double> stage = stackalloc double[times.Length];
        times.CopyTo(stage);
        SquaredNorms(HighestDerivative, stage, weights);
        for (int s = HighestDerivative - 1; s >= LowestDerivative; s--)
        {
            double odd = 1;
            for (int j = 3; j < 2 * s; j += 2)
                odd *= j;
            double gaussian = odd / Math.Sqrt(2 * Math.PI);
            double constant = (1 + Math.Pow(0.5, s + 0.5)) / 3;
            foreach (ref double norm in stage)
                norm = Math.Pow(2 * constant * gaussian / (count * norm), 2 / (3.0 + (2 * s)));
            SquaredNorms(s, stage, weights);
        }

        for (int i = 0; i < times.Length; i++)
            excess[i] = times[i] - Math.Pow(2 * count * Math.Sqrt(Math.PI) * stage[i], -0.4);
    }

    /// <summary>
    /// Replaces times t by the squared L2 norm of the s-th derivative of the estimate at t, over the unit interval: with a_k = E cos(pi k X),
    /// 2 pi^(2s) sum_k k^(2s) a_k^2 exp(-k^2 pi^2 t). Lanes are times, so that the vectors' width changes no digit.
    /// </summary>
    private static void SquaredNorms(int s, Span<double> times, double[] weights)
    {
        // exp(-c k^2) by its ratios exp(-c (2k - 1)), themselves a geometric sequence: an exponential per call, not per term.
        foreach (ref double time in times)
            time = Math.Exp(-(Math.PI * Math.PI * time));
        Vector<double> ratio = new(times), step = ratio * ratio, term = Vector<double>.One, sum = Vector<double>.Zero, negligible = new(Negligible);
        ReadOnlySpan<double> coefficients = weights.AsSpan(s * Bins, Bins);
        for (int k = 1; k < coefficients.Length; k++)
        {
            // Nothing more comes of a time whose terms have become negligible.
            Vector<long> counts = Vector.GreaterThan(term, negligible);
            if (counts == Vector<long>.Zero)
                break;
            term = Vector.ConditionalSelect(counts, term * ratio, Vector<double>.Zero);
            ratio = Vector.ConditionalSelect(counts, ratio * step, Vector<double>.Zero);
            sum += coefficients[k] * term;
        }

        (2 * Math.Pow(Math.PI, 2 * s) * sum).CopyTo(times);
    }
}
