using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison;

/// <summary>How good a value is by its metric, for whoever ranks: the larger the better, whichever way the metric goes.</summary>
public static class MetricMerit
{
    /// <summary>
    /// The value, or minus it where lower is better, or minus its distance from the truth level where that is what counts. Null where there is no value, where
    /// the truth level that it must be held against is not known, and for a metric of which is not known which way is better.
    /// </summary>
    /// <param name="metric">Its name, or that of a read-off.</param>
    /// <param name="value">What a trial has.</param>
    public static double? Of(string metric, MetricValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return MetricCatalog.Info(metric).Better switch
        {
            MetricCatalog.Higher => value.Value,
            MetricCatalog.Lower => -value.Value,
            MetricCatalog.TruthLevel => value.TruthLevel is { } level && value.Value is { } v ? -Math.Abs(v - level) : null,
            _ => null,
        };
    }
}
