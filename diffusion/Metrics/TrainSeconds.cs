namespace Sweep.Diffusion.Metrics;

/// <summary>Wall-clock time of training, seconds.</summary>
public sealed class TrainSeconds : IMeasuredMetric
{
    public string Name => "train_seconds";

    public string Label => "Training time";

    public string Unit => "s";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation => "Wall-clock; varies from run to run and with what else the machine did.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.Training.TotalSeconds);
}
