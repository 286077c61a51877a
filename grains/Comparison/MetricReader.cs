using Sweep.Diffusion.Metrics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison;

/// <summary>
/// A trial's value of anything that a metric's name can ask for: what the trial stored, what is derived from it when it is read (never stored), and read-offs of curves.
/// </summary>
public static class MetricReader
{
    /// <summary>The reason of a step that is never reached.</summary>
    public const string Never = "never";

    /// <summary>The reason of a metric that the trial doesn't have at all.</summary>
    public const string NotMeasured = "not measured";

    /// <summary>The value; null with a reason where there is none. A read-off has the floor of the metric its curve is named after.</summary>
    public static MetricValue Read(TrialSpec trial, TrialResult result, string metric)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(result);
        MetricAddress address = MetricAddress.Of(metric);
        return address.At is { } x ? ReadOff(trial, result, address, x) : Metric(trial, result, address.Name);
    }

    /// <summary>What a value of "never" is at the very least: one step beyond the last. Null for a metric that is no number of steps.</summary>
    public static double? LeastNever(TrialSpec trial, TrialResult result, string metric)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(result);
        return metric switch
        {
            MetricNames.StepsToThreshold => result.Curves.TryGetValue(MetricNames.LogLikelihood, out float[]? curve) ? curve.Length : trial.Sampling.Steps + 1,
            MetricNames.StepsToFinalLoss => trial.Training.Steps + 1,
            _ => null,
        };
    }

    private static MetricValue Metric(TrialSpec trial, TrialResult result, string name)
    {
        switch (name)
        {
            case MetricNames.LogLikelihoodGap:
                return Gap(result.Metrics.GetValueOrDefault(MetricNames.LogLikelihood));
            case MetricNames.StepsToFinalLoss when result.Curves.TryGetValue(CurveNames.TrainingLoss, out float[]? loss):
                return FinalLoss.Steps(loss, trial.Training.Steps) is { } steps ? new MetricValue(steps) : new MetricValue(null, null, Never);
            default:
                return result.Metrics.GetValueOrDefault(name) ?? new MetricValue(null, null, NotMeasured);
        }
    }

    /// <summary>floor - log-likelihood: how much the samples lack. Fresh true samples lack nothing, so its floor is 0.</summary>
    private static MetricValue Gap(MetricValue? logLikelihood) => logLikelihood switch
    {
        null => new MetricValue(null, null, NotMeasured),
        { Value: { } value, Floor: { } floor } => new MetricValue(floor - value, 0),
        { Value: not null } => new MetricValue(null, null, "no floor"),
        _ => new MetricValue(null, 0, logLikelihood.Reason),
    };

    private static MetricValue ReadOff(TrialSpec trial, TrialResult result, MetricAddress address, double x)
    {
        bool gap = string.Equals(address.Name, MetricNames.LogLikelihoodGap, StringComparison.Ordinal);
        string curveName = gap ? MetricNames.LogLikelihood : address.Name;
        // The estimates x0-hat are held against the same floor as the samples.
        string floorOf = string.Equals(curveName, CurveNames.LogLikelihoodX0, StringComparison.Ordinal) ? MetricNames.LogLikelihood : curveName;
        double? floor = result.Metrics.GetValueOrDefault(floorOf)?.Floor;
        MetricValue read = result.Curves.TryGetValue(curveName, out float[]? curve) && Place(curveName, trial, curve.Length, x) is { } place
            ? float.IsFinite(curve[place]) ? new MetricValue(curve[place], floor) : new MetricValue(null, floor, "not finite")
            : new MetricValue(null, floor, $"not measured at {address.AtText}");
        return gap ? Gap(read) : read;
    }

    /// <summary>The index of a curve's point at x; null when it has none there.</summary>
    private static int? Place(string curve, TrialSpec trial, int length, double x) =>
        Array.IndexOf(CurveAxis.Of(curve, trial, length).X, x) is >= 0 and var place ? place : null;
}
