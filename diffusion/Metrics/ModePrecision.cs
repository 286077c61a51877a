namespace Sweep.Diffusion.Metrics;

/// <summary>The share of the samples that lie in a known mode. See <see cref="ModeMetrics.Precision"/>.</summary>
public sealed class ModePrecision : IMeasuredMetric
{
    public string Name => "mode_precision";

    public string Label => "Mode precision";

    public string Unit => "share";

    public MetricBetter Better => MetricBetter.Higher;

    public MetricNeeds Needs => MetricNeeds.Modes;

    public double Least => 0;

    public double Most => 1;

    public string Explanation => "Share of the samples that lie in a known mode; the truth level is that of fresh true samples.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.Modes.Precision);

    public double? TruthLevel(MetricTruth truth) => truth.FreshModes?.Precision;
}
