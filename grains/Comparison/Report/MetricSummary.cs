using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A metric over a group's seeds.</summary>
public sealed record MetricSummary
{
    /// <summary>Null when any seed has no value: a mean over the seeds that happened to arrive would flatter.</summary>
    public required double? Mean { get; init; }

    /// <summary>Ends of the 95% Student t interval over seeds.</summary>
    public required double? CiLow { get; init; }

    public required double? CiHigh { get; init; }

    /// <summary>In the order of the group's seeds.</summary>
    public required IReadOnlyList<double?> PerSeed { get; init; }

    /// <summary>Mean over seeds of the metric on fresh true samples; null where it has none.</summary>
    public required double? TruthLevel { get; init; }

    /// <summary>Why something above is null: <c>one seed</c>, <c>never in 2 of 3 seeds</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
