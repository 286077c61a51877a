using System.Globalization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is said of <see cref="ImportanceSection"/>.</summary>
public static class ImportanceWords
{
    public const string Error = "settings differing from seed to seed";

    /// <summary>What the shares are of.</summary>
    public static string Explanation(MetricInfo metric, IReadOnlyList<ImportanceSection> found)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(found);
        int least = found.Min(s => s.Seeds.Count), most = found.Max(s => s.Seeds.Count);
        string what = metric.Better == MetricCatalog.TruthLevel ? $"distance of {MetricInfo.InSentence(metric.Label)} from its truth level"
            : MetricInfo.InSentence(metric.Label);
        string seeds = least == most ? least.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return $"Shares of the variance of the {what} (omega squared) over all settings, on the {seeds} seeds that every one of them has: analysis of "
            + "variance, settings fixed, seeds as blocks, error what settings do differently from seed to seed. Intervals: noncentral F, 95%. Exploratory; the "
            + "shares are of these values of the axes, and others would give others.";
    }

    /// <summary><c>preprocessing</c>, <c>preprocessing x width</c>, <c>all further interactions</c>.</summary>
    public static string Name(ImportanceEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return effect.Axes.Count == 0 ? "all further interactions" : string.Join(" x ", effect.Axes);
    }

    /// <summary><c>62% [40%, 80%]</c>.</summary>
    public static string Share(ImportanceEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return effect is { Low: { } low, High: { } high } ? $"{Percent(effect.Share)} [{Percent(low)}, {Percent(high)}]" : Percent(effect.Share);
    }

    /// <summary>Whole percents; below one "under 1%", exactly none "0%".</summary>
    public static string Percent(double share) => share is > 0 and < 0.01 ? "<1%" : share is > 0.99 and < 1 ? ">99%"
        : (100 * share).ToString("0", CultureInfo.InvariantCulture) + "%";
}
