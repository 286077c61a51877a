using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Where the mean or the median over seeds of a quantity lies. Of the mean: its Student t interval. A seed that never gets there has no number, only a bound;
/// with such seeds the range takes in every seed's own value, infinite for never, and the interval with never counted as the least that it can be (one step
/// beyond the last). Of the median: from the k-th least to the k-th largest seed, the innermost such range that holds it with the confidence asked for whatever
/// the distribution (the sign test's interval: the number of seeds below the median is binomial); never is beyond all others there and needs no stand-in.
/// The range at a level lies within that at any smaller one.
/// </summary>
/// <param name="Mean">Or median. Null where it is infinite; the mean also where a seed is.</param>
/// <param name="Low">Perhaps negative infinity.</param>
/// <param name="High">Perhaps positive infinity.</param>
internal readonly record struct SeedRange(double? Mean, double Low, double High)
{
    /// <summary>Standard errors beyond which no level is left.</summary>
    private const double Farthest = 1e150;

    /// <param name="values">(seeds), at least 1; infinite for never.</param>
    /// <param name="alpha">Of the interval. Where so few seeds can't give it, the range is unbounded.</param>
    public static SeedRange OfMedian(double[] values, double alpha)
    {
        double[] sorted = [.. values.Order()];
        int n = sorted.Length, k = 0;
        foreach ((int depth, double level) in Depths(n))
        {
            if (level > alpha)
                break;
            k = depth;
        }

        double median = sorted[(n - 1) / 2] == sorted[n / 2] ? sorted[n / 2] : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return k == 0
            ? new SeedRange(double.IsFinite(median) ? median : null, double.NegativeInfinity, double.PositiveInfinity)
            : new SeedRange(double.IsFinite(median) ? median : null, sorted[k - 1], sorted[n - k]);
    }

    /// <param name="values">(seeds), at least 2; infinite for never.</param>
    /// <param name="least">(seeds), the same with the least stand-in for never; finite.</param>
    /// <param name="alpha">Of the interval.</param>
    public static SeedRange Of(double[] values, double[] least, double alpha) => Of(values, MeanInterval.Of(least, alpha));

    /// <summary>The least level (1 - confidence) at which the median's range is as asked for; 1 where it is at none.</summary>
    /// <param name="values">As for <see cref="OfMedian"/>.</param>
    /// <param name="holds">Whether a range, by its ends, is; true of any range within one that is.</param>
    public static double LeastLevelOfMedian(double[] values, Func<double, double, bool> holds)
    {
        double[] sorted = [.. values.Order()];
        if (holds(double.NegativeInfinity, double.PositiveInfinity))
            return 0;
        foreach ((int depth, double level) in Depths(sorted.Length))
        {
            if (holds(sorted[depth - 1], sorted[^depth]))
                return level;
        }

        return 1;
    }

    /// <summary>The same of the mean's range. 0 where all values are equal and as asked for: the range is then a point at every level.</summary>
    /// <param name="values">As for <see cref="Of(double[], double[], double)"/>.</param>
    /// <param name="least">Likewise.</param>
    /// <param name="holds">As for <see cref="LeastLevelOfMedian"/>.</param>
    public static double LeastLevel(double[] values, double[] least, Func<double, double, bool> holds)
    {
        double mean = MeanInterval.MeanOf(least), error = Math.Sqrt(MeanInterval.VarianceOf(least, mean) / least.Length);
        if (!Holds(0))
            return 1;
        if (error == 0)
            return 0;
        double near = 0, far = 1;
        while (Holds(far))
        {
            if (far > Farthest)
                return 0;
            (near, far) = (far, far * 2);
        }

        // The widest interval that holds, to the last bit, and the level that has it.
        for (double middle = (near + far) / 2; middle > near && middle < far; middle = (near + far) / 2)
            (near, far) = Holds(middle) ? (middle, far) : (near, middle);
        return StudentT.TwoSidedP(near, least.Length - 1);

        bool Holds(double errors)
        {
            SeedRange range = Of(values, MeanInterval.Around(mean, errors * error));
            return holds(range.Low, range.High);
        }
    }

    private static SeedRange Of(double[] values, MeanInterval interval)
    {
        // An interval that overflows holds everything.
        (double low, double high) = (interval.Low ?? double.NegativeInfinity, interval.High ?? double.PositiveInfinity);
        return Array.TrueForAll(values, double.IsFinite)
            ? new SeedRange(double.IsFinite(interval.Mean) ? interval.Mean : null, low, high)
            : new SeedRange(null, Math.Min(low, values.Min()), Math.Max(high, values.Max()));
    }

    /// <summary>
    /// How deep into the sorted seeds the median's range may begin, from the outermost, and the least level that allows it: 2 P(Binomial(n, 1/2) &lt;= k - 1),
    /// twice the chance that the median lies below the k-th least seed.
    /// </summary>
    private static IEnumerable<(int Depth, double Level)> Depths(int n)
    {
        double term = Math.Pow(0.5, n), outside = term;
        for (int k = 1; k <= n / 2; k++)
        {
            yield return (k, 2 * outside);
            term *= (n - k + 1.0) / k;
            outside += term;
        }
    }
}
