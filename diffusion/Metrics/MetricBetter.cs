namespace Sweep.Diffusion.Metrics;

/// <summary>Which way a metric is good.</summary>
public enum MetricBetter
{
    Higher,
    Lower,

    /// <summary>The closer to its truth level, from either side, the better.</summary>
    NearTruthLevel,
}
