using Sweep.Diffusion.Numerics;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>The same bandwidth, one time after the other and one term after the other.</summary>
internal static class PlainSheatherJones
{
    private const int Bins = 1 << 14;

    public static double? Bandwidth(ReadOnlySpan<double> sorted)
    {
        double span = sorted[^1] - sorted[0];
        double origin = sorted[0] - (0.5 * span);
        double range = span * (1 + (2 * 0.5));
        var density = new double[Bins];
        int distinct = 1;
        for (int i = 0; i < sorted.Length; i++)
        {
            density[Math.Min((int)((sorted[i] - origin) / range * Bins), Bins - 1)] += 1.0 / sorted.Length;
            if (i > 0 && sorted[i] != sorted[i - 1])
                distinct++;
        }

        double[] a = CosineTransform.Forward(density);
        for (int k = 0; k < Bins; k++)
            a[k] *= a[k];

        // Scans upwards for the first change of sign: the smallest root, as the paper wants.
        double low = 1e-9;
        double atLow = Excess(low, a, distinct);
        for (double high = low * 2; high < 0.1; high *= 2)
        {
            double atHigh = Excess(high, a, distinct);
            if (atLow < 0 && atHigh >= 0)
            {
                double bandwidth = Math.Sqrt(Root(low, high, a, distinct)) * range;
                return bandwidth > range / Bins ? bandwidth : null;
            }

            (low, atLow) = (high, atHigh);
        }

        return null;
    }

    private static double Root(double low, double high, double[] a, int count)
    {
        for (int i = 0; i < 60 && high - low > 1e-12 * high; i++)
        {
            double middle = 0.5 * (low + high);
            if (Excess(middle, a, count) < 0)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }

    /// <summary>t - xi gamma^[l](t): negative below the root.</summary>
    private static double Excess(double t, double[] a, int count)
    {
        double norm = SquaredNorm(7, t, a);
        for (int s = 7 - 1; s >= 2; s--)
        {
            double odd = 1;
            for (int j = 3; j < 2 * s; j += 2)
                odd *= j;
            double gaussian = odd / Math.Sqrt(2 * Math.PI);
            double constant = (1 + Math.Pow(0.5, s + 0.5)) / 3;
            double time = Math.Pow(2 * constant * gaussian / (count * norm), 2 / (3.0 + (2 * s)));
            norm = SquaredNorm(s, time, a);
        }

        return t - Math.Pow(2 * count * Math.Sqrt(Math.PI) * norm, -0.4);
    }

    /// <summary>
    /// The squared L2 norm of the s-th derivative (s at least 2) of the estimate at time t, over the unit interval: with a_k = E cos(pi k X),
    /// 2 pi^(2s) sum_k k^(2s) a_k^2 exp(-k^2 pi^2 t).
    /// </summary>
    private static double SquaredNorm(int s, double t, double[] a)
    {
        // exp(-c k^2) by its ratios exp(-c (2k - 1)), themselves a geometric sequence: an exponential per call, not per term.
        double c = Math.PI * Math.PI * t;
        double term = 1;
        double ratio = Math.Exp(-c);
        double step = ratio * ratio;
        double sum = 0;
        for (int k = 1; k < a.Length && term > 1e-100; k++)
        {
            term *= ratio;
            ratio *= step;
            double square = (double)k * k;
            double power = square * square;
            for (int j = 2; j < s; j++)
                power *= square;
            sum += power * a[k] * term;
        }

        return 2 * Math.Pow(Math.PI, 2 * s) * sum;
    }
}
