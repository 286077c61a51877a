namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// What a number of seeds can find: the smallest |mean| / sd of the paired differences over seeds that the plain paired t-test calls with probability
/// <see cref="Power"/> at <see cref="Alpha"/> / comparisons, two-sided: Holm's first and hardest step. Normal differences; noncentral t with seeds - 1 degrees
/// of freedom.
/// </summary>
public static class SmallestEffect
{
    public const double Power = 0.8;

    public const double Alpha = 0.05;

    /// <summary>
    /// Above it a sweep's verdicts will be "undecided" whatever is true: effects of ten standard deviations between seeds are seen, not tested.
    /// </summary>
    public const double TooLarge = 10;

    /// <summary>In standard deviations of the paired differences; null with fewer than two seeds or no comparison, where nothing is tested.</summary>
    public static double? Of(int seeds, int comparisons) => seeds < 2 || comparisons < 1 ? null : At(seeds, Alpha / comparisons);

    /// <summary>The same at a level of one's own.</summary>
    /// <param name="seeds">At least 2.</param>
    /// <param name="level">Two-sided, between 0 and 1.</param>
    internal static double At(int seeds, double level)
    {
        int degrees = seeds - 1;
        double critical = StudentT.Critical(level, degrees);

        // The power rises with the noncentrality, and at the critical value and beyond is well above a half.
        double low = 0, high = critical;
        while (NoncentralT.TwoSidedTail(critical, degrees, high) < Power)
            (low, high) = (high, 2 * high);
        for (double middle = (low + high) / 2; middle > low && middle < high && high - low > 1e-12 * high; middle = (low + high) / 2)
        {
            if (NoncentralT.TwoSidedTail(critical, degrees, middle) < Power)
                low = middle;
            else
                high = middle;
        }

        return high / Math.Sqrt(seeds);
    }
}
