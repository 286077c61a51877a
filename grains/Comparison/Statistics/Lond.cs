namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// LOND, "levels based on number of discoveries": hypotheses come one by one, nobody knows how many will follow, and the false discovery rate of those that
/// are called stays at most alpha. A. Javanmard and A. Montanari, "Online rules for control of false discovery rate and false discovery exceedance", Annals of
/// Statistics 46 (2018), and "On online control of false discovery rate" (arXiv 1502.06197); in the form alpha w_i max(D, 1), which holds under positive
/// dependence (PRDS): T. Zrnic, A. Ramdas and M. I. Jordan, "Asynchronous online testing of multiple hypotheses", JMLR 22 (2021). D is the number of
/// discoveries before.
///
/// Where we differ: a hypothesis (a claim) may be tried several times. Every try has the level of its own place, and D counts claims, not tries: a claim that
/// is found ten times is one discovery, or the same ten results would pay for ten false claims. The proof is the same: where a try of a false claim is called,
/// at least max(D, 1) claims are in the end, so its share of the false discovery proportion is at most 1{p_i &lt;= alpha w_i f} / f with f = max(D, 1), which
/// falls as p-values grow; under positive dependence its mean is at most alpha w_i, and the weights sum to 1. Where every claim is tried once it is theirs.
/// </summary>
public static class Lond
{
    /// <summary>Riemann's zeta at 3/2, the sum of i^(-3/2).</summary>
    private const double Zeta = 2.6123753486854883;

    /// <summary>
    /// The share of the level that the i-th try has, i^(-3/2) / zeta(3/2): they sum to 1 however many follow. A flatter sequence takes from the first tries
    /// what only the thousandth would need; a steeper one, such as 1 / (i (i + 1)), leaves the fiftieth a third of this.
    /// </summary>
    /// <param name="index">Counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static double Weight(int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        return 1 / (index * Math.Sqrt(index) * Zeta);
    }

    /// <summary>The level at which each try is tested, and whether it is called.</summary>
    /// <param name="tries">In the order in which they were stated: the claim's number, and the p-value, 1 where there is none.</param>
    /// <param name="alpha">The false discovery rate.</param>
    /// <param name="anyDependence">
    /// Levels divided by 1 + 1/2 + … + 1/i, which holds whatever the dependence between p-values (Javanmard and Montanari).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A level or a p-value that is none.</exception>
    public static IReadOnlyList<LondDecision> Decide(IReadOnlyList<(int Claim, double P)> tries, double alpha, bool anyDependence = false)
    {
        ArgumentNullException.ThrowIfNull(tries);
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1");
        HashSet<int> found = [];
        LondDecision[] decisions = new LondDecision[tries.Count];
        double harmonic = 0;
        for (int i = 1; i <= tries.Count; i++)
        {
            (int claim, double p) = tries[i - 1];
            if (!(p >= 0 && p <= 1))
                throw new ArgumentOutOfRangeException(nameof(tries), p, "a p-value must lie between 0 and 1");
            harmonic += 1.0 / i;
            double level = alpha * Weight(i) * Math.Max(found.Count, 1) / (anyDependence ? harmonic : 1);
            decisions[i - 1] = new LondDecision(level, p <= level);
            if (p <= level)
                found.Add(claim);
        }

        return decisions;
    }
}

/// <summary>What LOND says of a try.</summary>
/// <param name="Level">At which it was tested.</param>
/// <param name="IsDiscovery">Whether its p-value is at most that.</param>
public readonly record struct LondDecision(double Level, bool IsDiscovery);
