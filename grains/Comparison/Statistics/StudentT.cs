using MathNet.Numerics;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Student's t distribution through the regularised incomplete beta function (Abramowitz and Stegun 26.5.27), which keeps full relative
/// accuracy far into the tails: P(|T| &gt; t) = I_{df/(df+t²)}(df/2, 1/2).
/// </summary>
public static class StudentT
{
    /// <summary>P(|T| &gt; |t|).</summary>
    /// <param name="t">The statistic; infinite gives 0.</param>
    /// <param name="degreesOfFreedom">Positive, not necessarily whole; infinite is the normal distribution.</param>
    /// <exception cref="ArgumentOutOfRangeException">Degrees of freedom not positive, or a statistic that is NaN.</exception>
    public static double TwoSidedP(double t, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "degrees of freedom must be positive");
        if (double.IsNaN(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "the statistic must be a number");

        if (double.IsPositiveInfinity(degreesOfFreedom))
            return SpecialFunctions.Erfc(Math.Abs(t) / Math.Sqrt(2));
        double x = degreesOfFreedom / (degreesOfFreedom + t * t);
        return x switch
        {
            <= 0 => 0,
            >= 1 => 1,
            _ => SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, x),
        };
    }

    /// <summary>The t with P(|T| &gt; t) = <paramref name="alpha"/>: the half-width of a 1 - alpha interval in standard errors.</summary>
    /// <param name="alpha">Between 0 and 1, both left out.</param>
    /// <param name="degreesOfFreedom">As in <see cref="TwoSidedP"/>.</param>
    public static double Critical(double alpha, double degreesOfFreedom)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1");

        double low = 0, high = 1;
        while (TwoSidedP(high, degreesOfFreedom) > alpha)
            (low, high) = (high, high * 2);

        // Bisection: fifty-odd halvings reach the last bit, and a report needs a handful of these.
        for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
        {
            if (TwoSidedP(middle, degreesOfFreedom) > alpha)
                low = middle;
            else
                high = middle;
        }

        return high;
    }
}
