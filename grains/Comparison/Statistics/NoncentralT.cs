using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// The noncentral t distribution: T = (Z + δ) / S with Z standard normal and S² an independent chi-square over its degrees of freedom (N. L. Johnson, S. Kotz
/// and N. Balakrishnan, "Continuous Univariate Distributions" 2, 1995, chapter 31). Its tail is integrated over Z, P(T &gt; t) = ∫ φ(z) P(S &lt; (z + δ) / t)
/// dz for t &gt; 0, and not summed as in Lenth's AS 243: that series begins with exp(-δ²/2), which is 0 in double precision from δ = 38.6 on, and three seeds
/// against 120 comparisons need δ = 62.
/// </summary>
public static class NoncentralT
{
    /// <summary>φ beyond it is below 1e-22: nothing beside a probability that matters.</summary>
    private const double Reach = 10;

    private const int Nodes = 16;

    /// <summary>P(T &gt; t).</summary>
    /// <param name="t">Finite.</param>
    /// <param name="degreesOfFreedom">Positive and finite, not necessarily whole.</param>
    /// <param name="noncentrality">δ, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">Anything else.</exception>
    public static double UpperTail(double t, double degreesOfFreedom, double noncentrality)
    {
        if (!(degreesOfFreedom > 0 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "degrees of freedom must be positive and finite");
        if (!double.IsFinite(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "the statistic must be finite");
        if (!double.IsFinite(noncentrality))
            throw new ArgumentOutOfRangeException(nameof(noncentrality), noncentrality, "the noncentrality must be finite");

        return t switch
        {
            > 0 => Positive(t, degreesOfFreedom, noncentrality),
            0 => Normal(noncentrality),
            // -T is noncentral t with -δ, and no single value has any probability.
            _ => 1 - Positive(-t, degreesOfFreedom, -noncentrality),
        };
    }

    /// <summary>P(|T| &gt; |t|): the power of a two-sided t-test whose critical value is <paramref name="t"/>.</summary>
    public static double TwoSidedTail(double t, double degreesOfFreedom, double noncentrality) =>
        UpperTail(Math.Abs(t), degreesOfFreedom, noncentrality) + UpperTail(Math.Abs(t), degreesOfFreedom, -noncentrality);

    private static double Positive(double t, double degrees, double noncentrality)
    {
        // (z + δ) / t must be positive: S is.
        double low = Math.Max(-Reach, -noncentrality);
        if (low >= Reach)
            return 0;

        // P(S < s) rises from 0 to 1 around s = 1 within about 1/√(2 degrees), in z that times t: panels no wider than that.
        double width = Math.Min(1, t / Math.Sqrt(2 * degrees));
        int panels = (int)Math.Clamp(Math.Ceiling((Reach - low) / width), 1, 100_000);
        double step = (Reach - low) / panels, sum = 0;
        for (int i = 0; i < panels; i++)
            sum += GaussLegendreRule.Integrate(Integrand, low + i * step, low + (i + 1) * step, Nodes);
        return Math.Min(1, sum);

        double Integrand(double z)
        {
            double s = (z + noncentrality) / t;
            return s <= 0 ? 0 : Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * SpecialFunctions.GammaLowerRegularized(degrees / 2, degrees * s * s / 2);
        }
    }

    private static double Normal(double z) => SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
}
