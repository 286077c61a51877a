namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// One p-value for a comparison that is tested at several looks: the smallest of p_j / w_j, where the weights w sum to at most 1. By the union bound it is a
/// p-value whatever the looks' dependence, and it stays one when sampling stops at any of them (Bonferroni's inequality, as A. C. Tamhane, J. Gou, C. Jennison,
/// C. R. Mehta and T. Curto use it for Holm's procedure over group-sequential tests, Statistics in Medicine 2021, doi 10.1002/sim.9128).
/// </summary>
public static class SequentialP
{
    /// <summary>
    /// The weight of a look that nobody declared, 1 / (j (j + 1)): they sum to 1 however many follow, so no later look is taken at full level.
    /// </summary>
    /// <param name="look">Counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static double UndeclaredWeight(int look)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(look, 1);
        return 1.0 / (look * (look + 1.0));
    }

    /// <summary>The p-value over the looks taken so far, at most 1, and the look that gave it, counted from 1.</summary>
    /// <param name="pValues">(looks), the earliest first; null at a look without a test, which gives nothing and costs its weight.</param>
    /// <param name="weight">Of a look, counted from 1; positive.</param>
    /// <returns>Null where no look had a test.</returns>
    public static (double P, int Look)? Of(IReadOnlyList<double?> pValues, Func<int, double> weight)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        ArgumentNullException.ThrowIfNull(weight);
        (double P, int Look)? least = null;
        for (int look = 1; look <= pValues.Count; look++)
        {
            if (pValues[look - 1] is not { } p)
                continue;
            double weighted = Math.Min(1, p / weight(look));
            if (least is null || weighted < least.Value.P)
                least = (weighted, look);
        }

        return least;
    }
}
