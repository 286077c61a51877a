using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Where the mean or the median over seeds of a quantity lies. Of the mean: its Student t interval. A seed that never gets there has no number, only a bound;
/// with such seeds the range takes in every seed's own value, infinite for never, and the interval with never counted as the least that it can be (one step
/// beyond the last). Of the median: from the k-th least to the k-th largest seed, the innermost such range that holds it with the confidence asked for whatever
/// the distribution (the sign test's interval: the number of seeds below the median is binomial); never is beyond all others there and needs no stand-in.
/// </summary>
/// <param name="Mean">Or median. Null where it is infinite; the mean also where a seed is.</param>
/// <param name="Low">Perhaps negative infinity.</param>
/// <param name="High">Perhaps positive infinity.</param>
internal readonly record struct SeedRange(double? Mean, double Low, double High)
{
    /// <param name="values">(seeds), at least 1; infinite for never.</param>
    /// <param name="alpha">Of the interval. Where so few seeds can't give it, the range is unbounded.</param>
    public static SeedRange OfMedian(double[] values, double alpha)
    {
        double[] sorted = [.. values.Order()];
        int n = sorted.Length, k = 0;
        double outside = Math.Pow(0.5, n), term = outside;

        // outside = P(Binomial(n, 1/2) <= k): the chance that the median lies below the (k + 1)-th least seed.
        while (k < n / 2 && 2 * outside <= alpha)
        {
            k++;
            term *= (n - k + 1.0) / k;
            outside += term;
        }

        double median = sorted[(n - 1) / 2] == sorted[n / 2] ? sorted[n / 2] : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return k == 0
            ? new SeedRange(double.IsFinite(median) ? median : null, double.NegativeInfinity, double.PositiveInfinity)
            : new SeedRange(double.IsFinite(median) ? median : null, sorted[k - 1], sorted[n - k]);
    }

    /// <param name="values">(seeds), at least 2; infinite for never.</param>
    /// <param name="least">(seeds), the same with the least stand-in for never; finite.</param>
    /// <param name="alpha">Of the interval.</param>
    public static SeedRange Of(double[] values, double[] least, double alpha)
    {
        MeanInterval interval = MeanInterval.Of(least, alpha);

        // An interval that overflows holds everything.
        (double low, double high) = (interval.Low ?? double.NegativeInfinity, interval.High ?? double.PositiveInfinity);
        return Array.TrueForAll(values, double.IsFinite)
            ? new SeedRange(double.IsFinite(interval.Mean) ? interval.Mean : null, low, high)
            : new SeedRange(null, Math.Min(low, values.Min()), Math.Max(high, values.Max()));
    }
}
