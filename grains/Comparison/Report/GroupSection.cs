using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The completed trials that differ in seed alone.</summary>
public sealed record GroupSection
{
    public required JsonObject Axes { get; init; }

    /// <summary>Seeds with a completed trial, in the spec's order; every list by seed below has this order.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    public required IReadOnlyList<string> TrialIds { get; init; }

    public required IReadOnlyDictionary<string, MetricSummary> Metrics { get; init; }

    public required IReadOnlyDictionary<string, CurveSummary> Curves { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Every axis once more, flat beside the other members: DESIGN.md section 9 promises <c>group.dataset</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Flat { get; init; }
}
