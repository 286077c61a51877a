namespace Sweep.Diffusion.Metrics;

/// <summary>How far samples on the line are from a known density, nats. See <see cref="EquiprobableBins"/>.</summary>
public sealed class KlEquiprobable : IMeasuredMetric
{
    public string Name => "kl_equiprobable";

    public string Label => "KL on equiprobable bins";

    public string Unit => "nats";

    public MetricBetter Better => MetricBetter.Lower;

    public MetricNeeds Needs => MetricNeeds.Density | MetricNeeds.OneDimension;

    public double Least => 0;

    public string Explanation =>
        "Of the samples' shares of 100 bins that the truth fills equally, from the truth: one-dimensional data alone. An empty bin adds nothing. The truth "
            + "level is that of fresh true samples; evenly spaced ones, from "
        + "quantiles, can be below it.";

    public Measurement Measure(MetricSubject subject) =>
        subject.Truth.Bins is not { } bins ? Measurement.None("the distribution function is not known")
        : subject.Broken is { } broken ? Measurement.None(broken)
        : Measurement.Of(bins.Kl(subject.Samples.Values));

    public double? TruthLevel(MetricTruth truth) => truth.Bins?.Kl(truth.Fresh.Values);
}
