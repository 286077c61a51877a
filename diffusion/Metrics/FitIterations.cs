namespace Sweep.Diffusion.Metrics;

/// <summary>What the fit of the preprocessing cost, counted and not timed.</summary>
public sealed class FitIterations : IMeasuredMetric
{
    public string Name => "fit_iterations";

    public string Label => "FastICA iterations of the fit";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation => "Of all starts and layers together; 0 of a preprocessing without FastICA.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.FitIterations);
}
