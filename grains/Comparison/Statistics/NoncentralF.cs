using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// The noncentral F distribution as a Poisson mixture of beta distributions (N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions"
/// 2, 1995, chapter 30), and the noncentralities that an observed F is compatible with.
/// </summary>
public static class NoncentralF
{
    /// <summary>Poisson standard deviations on either side of its mean; what is beyond weighs less than 1e-14.</summary>
    private const double Reach = 8;

    /// <summary>Terms per standard deviation: the summands are as smooth as a normal density, so of many only some are needed.</summary>
    private const double Terms = 8;

    /// <summary>
    /// Beyond this noncentrality the numerator's spread, 2/√λ of its mean, is nothing beside the denominator's: F is λ over the numerator's degrees of freedom,
    /// divided by the mean square of the denominator. The mixture's terms lose their digits there.
    /// </summary>
    private const double Large = 1e8;

    /// <summary>Of the probability at a noncentrality that is solved for.</summary>
    private const double Accuracy = 1e-9;

    /// <summary>P(F &lt;= f).</summary>
    /// <param name="f">Not negative; infinite gives 1.</param>
    /// <param name="numerator">Degrees of freedom, positive.</param>
    /// <param name="denominator">Degrees of freedom, positive.</param>
    /// <param name="noncentrality">λ, not negative and finite: the sum of squared means over the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">Anything else.</exception>
    public static double Cumulative(double f, double numerator, double denominator, double noncentrality)
    {
        if (!(f >= 0))
            throw new ArgumentOutOfRangeException(nameof(f), f, "the statistic must not be negative");
        if (!(numerator > 0 && denominator > 0))
            throw new ArgumentOutOfRangeException(nameof(numerator), (numerator, denominator), "degrees of freedom must be positive");
        if (!(noncentrality >= 0 && double.IsFinite(noncentrality)))
            throw new ArgumentOutOfRangeException(nameof(noncentrality), noncentrality, "the noncentrality must be finite and not negative");
        if (double.IsPositiveInfinity(f))
            return 1;
        if (noncentrality > Large)
            return 1 - ChiSquared.CDF(denominator, noncentrality * denominator / (numerator * f));

        double x = numerator * f / ((numerator * f) + denominator), mean = noncentrality / 2, spread = Math.Sqrt(mean) + 1;
        double step = Math.Max(1, Math.Floor(spread / Terms)), first = Math.Max(0, Math.Floor(mean - (Reach * spread)));
        double sum = 0, weights = 0;
        for (double j = first; j <= mean + (Reach * spread) + Reach; j += step)
        {
            double weight = mean == 0 ? (j == 0 ? 1 : 0) : Math.Exp((j * Math.Log(mean)) - mean - SpecialFunctions.GammaLn(j + 1));
            weights += weight;
            if (weight > 0)
                sum += weight * (x >= 1 ? 1 : x <= 0 ? 0 : SpecialFunctions.BetaRegularized((numerator / 2) + j, denominator / 2, x));
        }

        return Math.Clamp(sum / weights, 0, 1);
    }

    /// <summary>
    /// The noncentralities at which F is neither too large nor too small: a 1 - <paramref name="alpha"/> interval, 0 where even that is too large.
    /// </summary>
    /// <param name="f">Observed, finite.</param>
    /// <param name="numerator">As above.</param>
    /// <param name="denominator">As above.</param>
    /// <param name="alpha">Between 0 and 1.</param>
    public static (double Low, double High) Interval(double f, double numerator, double denominator, double alpha)
    {
        if (!double.IsFinite(f))
            throw new ArgumentOutOfRangeException(nameof(f), f, "the statistic must be finite");
        if (numerator * f > Large)
            return (Quotient(alpha / 2), Quotient(1 - (alpha / 2)));
        return (Solve(1 - (alpha / 2)), Solve(alpha / 2));

        double Quotient(double probability) => numerator * f / denominator * ChiSquared.InvCDF(denominator, probability);

        // The distribution function falls as the noncentrality rises.
        double Solve(double probability)
        {
            if (Cumulative(f, numerator, denominator, 0) <= probability)
                return 0;
            double low = 0, high = Math.Max(1, 2 * numerator * f);
            while (Cumulative(f, numerator, denominator, high) > probability)
                (low, high) = (high, 2 * high);
            return Brent.FindRoot(l => Cumulative(f, numerator, denominator, l) - probability, low, high, Accuracy);
        }
    }
}
