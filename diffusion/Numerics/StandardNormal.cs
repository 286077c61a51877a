using System.Runtime.CompilerServices;
using MathNet.Numerics;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// The standard normal distribution in double precision. Tails keep their relative accuracy: the upper one is <see cref="Cdf"/> of -x, never
/// 1 - <see cref="Cdf"/>.
/// </summary>
public static class StandardNormal
{
    private const double InverseSqrtTwoPi = 0.39894228040143267794;

    /// <summary>Beyond this the rational approximation gives way to the continued fraction.</summary>
    private const double RationalLimit = 7.07106781186547;

    /// <summary>Density at <paramref name="x"/>.</summary>
    public static double Density(double x) => InverseSqrtTwoPi * Math.Exp(-0.5 * x * x);

    /// <summary>P(Z &lt;= x), to a few 1e-16 relative (complementary error function).</summary>
    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x * 0.70710678118654752440);

    /// <summary>The x with Cdf(x) = p; infinite at 0 and 1, NaN outside [0, 1].</summary>
    public static double Quantile(double p) => p is >= 0 and <= 1 ? -1.41421356237309504880 * SpecialFunctions.ErfcInv(2 * p) : double.NaN;

    /// <summary>The z whose lower tail is <paramref name="lower"/> and upper tail <paramref name="upper"/>: solved from the smaller one.</summary>
    public static double QuantileOfTails(double lower, double upper) => lower <= upper ? Quantile(lower) : -Quantile(upper);

    /// <summary>
    /// Density at <paramref name="u"/> and P(Z &lt;= -|u|), sharing one exponential: the inner loop of kernel sums. Hart's rational
    /// approximation 5666 (Hart et al., "Computer approximations", 1968, in the form of West, "Better approximations to cumulative normal
    /// functions", Wilmott 2005): 1e-10 relative up to 5, 1e-8 beyond; <see cref="Cdf"/> is its slower, exact twin.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Tail(double u, out double density)
    {
        double a = Math.Abs(u);
        double e = Math.Exp(-0.5 * a * a);
        density = InverseSqrtTwoPi * e;
        if (a > RationalLimit)
            return density / (a + (1 / (a + (2 / (a + (3 / (a + (4 / (a + 0.65)))))))));
        double p = (3.52624965998911e-02 * a) + 0.700383064443688;
        p = (p * a) + 6.37396220353165;
        p = (p * a) + 33.912866078383;
        p = (p * a) + 112.079291497871;
        p = (p * a) + 221.213596169931;
        p = (p * a) + 220.206867912376;
        double q = (8.83883476483184e-02 * a) + 1.75566716318264;
        q = (q * a) + 16.064177579207;
        q = (q * a) + 86.7807322029461;
        q = (q * a) + 296.564248779674;
        q = (q * a) + 637.333633378831;
        q = (q * a) + 793.826512519948;
        q = (q * a) + 440.413735824752;
        return e * (p / q);
    }
}
