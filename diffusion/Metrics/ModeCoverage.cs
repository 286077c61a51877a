namespace Sweep.Diffusion.Metrics;

/// <summary>The share of the known modes that samples reach. See <see cref="ModeMetrics.Coverage"/>.</summary>
public sealed class ModeCoverage : IMeasuredMetric
{
    public string Name => "mode_coverage";

    public string Label => "Mode coverage";

    public string Unit => "share";

    public MetricBetter Better => MetricBetter.Higher;

    public MetricNeeds Needs => MetricNeeds.Modes;

    public double Least => 0;

    public double Most => 1;

    public string Explanation =>
        "Share of the known modes that samples reach; the truth level is that of fresh true samples, below 1 where modes are very many or overlap.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.Modes.Coverage);

    public double? TruthLevel(MetricTruth truth) => truth.FreshModes?.Coverage;
}
