using Sweep.Grains.Comparison;

namespace Sweep.Silo.Diagnostics;

/// <summary>What diagnostics add to a trial's result.</summary>
internal sealed class DiagnosticResults
{
    public Dictionary<string, MetricValue> Metrics { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, float[]> Curves { get; } = new(StringComparer.Ordinal);

    /// <summary>What was left out, and why.</summary>
    public List<string> Notes { get; } = [];
}
