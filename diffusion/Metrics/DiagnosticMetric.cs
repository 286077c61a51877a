namespace Sweep.Diffusion.Metrics;

/// <summary>A metric that a diagnostic measures: its description alone.</summary>
public sealed record DiagnosticMetric : IMetric
{
    public required string Name { get; init; }

    public required string Label { get; init; }

    public string Unit { get; init; } = "";

    public required MetricBetter Better { get; init; }

    public MetricNeeds Needs { get; init; }

    public required string? Diagnostic { get; init; }

    public MetricSteps Counts { get; init; }

    public double Least { get; init; } = double.NegativeInfinity;

    public double Most { get; init; } = double.PositiveInfinity;

    public required string Explanation { get; init; }
}
