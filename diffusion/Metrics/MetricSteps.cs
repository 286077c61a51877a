namespace Sweep.Diffusion.Metrics;

/// <summary>What a metric counts, if anything.</summary>
public enum MetricSteps
{
    None,
    ReverseSteps,
    TrainingSteps,
}
