using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>One trial's value of a metric as comparisons see it.</summary>
/// <param name="Value">The metric itself, or minus the distance from the truth level for a metric judged by it; null with a reason.</param>
/// <param name="Excess">Value minus truth level for a metric judged by its truth level: above zero is above the truth level. Null otherwise.</param>
/// <param name="Reason">Why there is no value.</param>
internal readonly record struct Score(double? Value, double? Excess, string? Reason)
{
    /// <summary>Reads a metric or a curve's read-off from a trial. Where one judged by its truth level has none (unknown), there is nothing to judge.</summary>
    public static Score Of(CompletedTrial trial, string metric)
    {
        MetricValue raw = Raw(trial, metric);
        if (raw.Value is not { } value)
            return new Score(null, null, raw.Reason ?? "no value");
        if (!double.IsFinite(value))
            return new Score(null, null, "not finite");
        if (!string.Equals(MetricCatalog.Info(metric).Better, MetricCatalog.TruthLevel, StringComparison.Ordinal))
            return new Score(value, null, null);
        if (raw.TruthLevel is not { } level)
            return new Score(null, null, "its truth level is not known");
        double excess = value - level;
        return double.IsFinite(excess) ? new Score(-Math.Abs(excess), excess, null) : new Score(null, null, "its distance from the truth level is not finite");
    }

    /// <summary>The metric's value and truth level.</summary>
    public static MetricValue Raw(CompletedTrial trial, string metric) => MetricReader.Read(trial.Trial, trial.Result, metric);
}
