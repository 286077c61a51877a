namespace Sweep.Diffusion.Metrics;

/// <summary>The mean true log-density of the final samples, nats.</summary>
public sealed class LogLikelihood : IMeasuredMetric
{
    public const string Key = "log_likelihood";

    public string Name => Key;

    public string Label => "Log-likelihood";

    public string Unit => "nats";

    public MetricBetter Better => MetricBetter.NearTruthLevel;

    public MetricNeeds Needs => MetricNeeds.Density;

    public string Explanation =>
        "Mean true log-density of the samples. Fresh true samples score the truth level, so the closer to it the better: samples below it miss the "
            + "distribution, samples above it crowd its modes. "
        + "Comparisons use the distance from the truth level, and an arm certainly above it wins only while it is within the threshold and its energy "
            + "distance is no worse.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(
        subject.LogLikelihood[^1], $"{subject.NonFinite} of {subject.Samples.Count} samples have no finite log-density");

    public double? TruthLevel(MetricTruth truth)
    {
        var nats = new double[truth.Test.Count];
        truth.Dataset.Density!.LogDensity(truth.Test.Values, nats);
        return MeanLogLikelihood.Of(nats).Nats;
    }
}
