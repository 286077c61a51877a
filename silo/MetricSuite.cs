using Sweep.Diffusion.Metrics;
using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>Measures every metric of <see cref="MetricKinds"/> of a trial that has sampled, each beside its truth level.</summary>
internal static class MetricSuite
{
    /// <summary>
    /// By name. A metric that has no value says why; one that means nothing for the dataset is left out, but for those of the likelihood, which everybody looks
    /// for.
    /// </summary>
    public static Dictionary<string, MetricValue> Evaluate(MetricSubject subject)
    {
        var metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal);
        foreach (IMeasuredMetric metric in MetricKinds.Measured)
        {
            MetricNeeds lacking = metric.Needs.Lacking(subject.Truth.Dataset);
            if (lacking == MetricNeeds.Nothing)
            {
                Measurement measured = metric.Measure(subject);
                metrics[metric.Name] = new MetricValue(measured.Value, subject.Truth.Level(metric.Name), measured.Reason);
            }
            else if (metric.Needs == MetricNeeds.Density)
            {
                metrics[metric.Name] = new MetricValue(null, null, "the dataset's density is not known");
            }
        }

        return metrics;
    }
}
