namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Holm's step-down adjustment (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
/// 1979): the chance of a single false call among all comparisons stays below alpha, whatever their dependence.
/// </summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given; a null (no test) stays null and doesn't count.</summary>
    public static double?[] Adjust(IReadOnlyList<double?> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i])];
        double?[] adjusted = new double?[pValues.Count];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * pValues[order[rank]]!.Value));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }
}
