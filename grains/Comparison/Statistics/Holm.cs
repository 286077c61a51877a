namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Holm's step-down adjustment (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
/// 1979): the chance of a single false call among all comparisons stays below alpha, whatever their dependence.
/// </summary>
public static class Holm
{
    /// <summary>
    /// Adjusted p-values in the order given. A null (planned, but without a test) keeps its place at p = 1: a family that shrank with what failed would make
    /// the rest look more certain.
    /// </summary>
    /// <param name="pValues">Those of the family that are listed.</param>
    /// <param name="size">The family's size, at least as many; those that are not listed have p = 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A family smaller than its members.</exception>
    public static double[] Adjust(IReadOnlyList<double?> pValues, int size)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, pValues.Count);
        int[] order = [.. Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i] ?? 1)];
        double[] adjusted = new double[pValues.Count];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (size - rank) * (pValues[order[rank]] ?? 1)));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }
}
