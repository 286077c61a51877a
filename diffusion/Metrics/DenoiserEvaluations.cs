namespace Sweep.Diffusion.Metrics;

/// <summary>The number of function evaluations: how often the sampler asked the denoiser, per sample.</summary>
public sealed class DenoiserEvaluations : IMeasuredMetric
{
    public const string Key = "denoiser_evaluations";

    public string Name => Key;

    public string Label => "Denoiser evaluations (NFE)";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation => "How often the sampler asked the denoiser, per sample: lower is better at equal quality.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.Evaluations);
}
