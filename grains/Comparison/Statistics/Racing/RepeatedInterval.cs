namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>
/// A mean's interval that holds at all looks together: the t interval at 1 - alpha w_k of each look, intersected. It covers the mean in at least 1 - alpha of
/// sweeps whatever made sampling stop, for near-normal differences (C. Jennison and B. W. Turnbull, "Interim analyses: the repeated confidence interval
/// approach", Journal of the Royal Statistical Society B 51, 1989).
/// </summary>
/// <param name="Mean">At the last look.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="IsEmpty">Whether the looks' intervals have no point in common; the ends are then the last look's.</param>
public sealed record RepeatedInterval(double Mean, double Low, double High, bool IsEmpty = false)
{
    public bool LeavesOutZero => Low > 0 || High < 0;

    /// <summary>With another look's interval.</summary>
    /// <param name="before">Of the looks before; null for the first.</param>
    /// <param name="look">This look's; one without ends (one seed, overflow) changes nothing.</param>
    public static RepeatedInterval? Next(RepeatedInterval? before, MeanInterval look)
    {
        ArgumentNullException.ThrowIfNull(look);
        if (look is not { Low: { } low, High: { } high })
            return before;
        if (before is null)
            return new RepeatedInterval(look.Mean, low, high);
        (double from, double to) = (Math.Max(before.Low, low), Math.Min(before.High, high));
        return before.IsEmpty || from > to ? new RepeatedInterval(look.Mean, low, high, IsEmpty: true) : new RepeatedInterval(look.Mean, from, to);
    }
}
