namespace Sweep.Grains.Orleans.Wire;

/// <summary>A metric's value, its truth level, and why there is none. See <see cref="Coordination.MetricValue"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.metric.1")]
public sealed record WireMetric
{
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public double? Value { get; init; }

    [Id(2)]
    public double? TruthLevel { get; init; }

    [Id(3)]
    public string? Reason { get; init; }
}
