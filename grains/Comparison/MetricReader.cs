using Sweep.Diffusion.Metrics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison;

/// <summary>
/// A trial's value of anything that a metric's name can ask for: what the trial stored, what is derived from it when it is read (never stored), and read-offs
/// of curves.
/// </summary>
public static class MetricReader
{
    /// <summary>The reason of a step that is never reached.</summary>
    public const string Never = Measurement.Never;

    /// <summary>The reason of a metric that the trial doesn't have at all.</summary>
    public const string NotMeasured = "not measured";

    /// <summary>The value; null with a reason where there is none. A read-off has the truth level of the metric its curve is named after.</summary>
    public static MetricValue Read(TrialSpec trial, TrialResult result, string metric)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(result);
        MetricAddress address = MetricAddress.Of(metric);
        IDerivedMetric? derived = MetricKinds.Find(address.Name) as IDerivedMetric;
        if (address.At is not { } x)
            return derived is null ? result.Metrics.GetValueOrDefault(address.Name) ?? Missing : Derive(derived, new StoredTrial(result));

        // Point by point along the curve of the metric that it is derived from.
        return derived is { Metrics: [var source] }
            ? Derive(derived, new StoredTrial(result) { At = ReadOff(trial, result, address with { Name = source }, x) })
            : ReadOff(trial, result, address, x);
    }

    /// <summary>The curves that a value is read from; empty where stored metrics are enough.</summary>
    public static IReadOnlyList<string> Curves(string metric)
    {
        MetricAddress address = MetricAddress.Of(metric);
        IDerivedMetric? derived = MetricKinds.Find(address.Name) as IDerivedMetric;
        return !address.IsReadOff ? [] : derived is null ? [address.Name] : derived.Metrics;
    }

    /// <summary>The stored metrics that a value, or its truth level, is read from.</summary>
    public static IReadOnlyList<string> Metrics(string metric)
    {
        MetricAddress address = MetricAddress.Of(metric);
        return MetricKinds.Find(address.Name) is IDerivedMetric derived ? derived.Metrics : [TruthOf(address.Name)];
    }

    /// <summary>What a value of "never" is at the very least: one step beyond the last. Null for a metric that is no number of steps.</summary>
    public static double? LeastNever(TrialSpec trial, TrialResult result, string metric)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(result);
        return MetricKinds.Find(metric)?.Counts switch
        {
            MetricSteps.ReverseSteps => result.Curves.TryGetValue(CurveNames.LogLikelihood, out float[]? curve) ? curve.Length : trial.Sampling.Steps + 1,
            MetricSteps.TrainingSteps => trial.Training.Steps + 1,
            _ => null,
        };
    }

    private static MetricValue Missing { get; } = new(null, null, NotMeasured);

    private static MetricValue Derive(IDerivedMetric metric, StoredTrial trial) =>
        metric.Read(trial) is { } read ? new MetricValue(read.Value, metric.TruthLevel, read.Reason) : Missing;

    private static MetricValue ReadOff(TrialSpec trial, TrialResult result, MetricAddress address, double x)
    {
        double? truthLevel = result.Metrics.GetValueOrDefault(TruthOf(address.Name))?.TruthLevel;
        return result.Curves.TryGetValue(address.Name, out float[]? curve) && Place(address.Name, trial, curve.Length, x) is { } place
            ? float.IsFinite(curve[place]) ? new MetricValue(curve[place], truthLevel) : new MetricValue(null, truthLevel, "not finite")
            : new MetricValue(null, truthLevel, $"not measured at {address.AtText}");
    }

    /// <summary>The metric whose truth level a curve is held against: that of its name, and for the estimates x0-hat that of the samples.</summary>
    private static string TruthOf(string curve) =>
        string.Equals(curve, CurveNames.LogLikelihoodX0, StringComparison.Ordinal) ? CurveNames.LogLikelihood : curve;

    /// <summary>The index of a curve's point at x; null when it has none there.</summary>
    private static int? Place(string curve, TrialSpec trial, int length, double x) =>
        CurveAxis.TryOf(curve, trial, length, out _) is { } axis && Array.IndexOf(axis.X, x) is >= 0 and var place ? place : null;

    /// <summary>A trial as derived metrics see it.</summary>
    private sealed class StoredTrial(TrialResult result) : IStoredTrial
    {
        /// <summary>In place of every stored metric, where one is read along its curve.</summary>
        public MetricValue? At { get; init; }

        public Measurement? Metric(string name) => Value(name) is not { } value ? null
            : value.Value is { } number ? Measurement.Of(number) : Measurement.None(value.Reason ?? NotMeasured);

        public double? TruthLevel(string metric) => Value(metric)?.TruthLevel;

        private MetricValue? Value(string name) => At ?? result.Metrics.GetValueOrDefault(name);
    }
}
