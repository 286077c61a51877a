using Sweep.Diffusion.Metrics;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Diagnostics;

/// <summary>What diagnostics add to a trial's result.</summary>
internal sealed class DiagnosticResults
{
    public Dictionary<string, MetricValue> Metrics { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, float[]> Curves { get; } = new(StringComparer.Ordinal);

    /// <summary>What was left out, and why.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Takes in a value; only a metric that is described has one.</summary>
    public void Put(DiagnosticMetric metric, MetricValue value) => Metrics[metric.Name] = value;

    /// <summary>These and others, neither changed.</summary>
    public DiagnosticResults With(DiagnosticResults others)
    {
        var all = new DiagnosticResults();
        foreach (DiagnosticResults results in new[] { this, others })
        {
            foreach ((string name, MetricValue value) in results.Metrics)
                all.Metrics.Add(name, value);
            foreach ((string name, float[] values) in results.Curves)
                all.Curves.Add(name, values);
            all.Notes.AddRange(results.Notes);
        }

        return all;
    }
}
