namespace Sweep.Diffusion.Metrics;

/// <summary>Wall-clock time of sampling, seconds.</summary>
public sealed class SampleSeconds : IMeasuredMetric
{
    public const string Key = "sample_seconds";

    public string Name => Key;

    public string Label => "Sampling time";

    public string Unit => "s";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation => "Wall-clock; varies from run to run and with what else the machine did.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.Sampling.TotalSeconds);
}
