using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>One group of an expectation.</summary>
public sealed record ExpectationGroupSection
{
    /// <summary>Its place on every axis but the compared one.</summary>
    public required JsonObject Axes { get; init; }

    /// <summary>By its own 95% interval.</summary>
    public required string Verdict { get; init; }

    /// <summary>Of the quantity over seeds (the median of a claim about it); null where a seed is missing or never.</summary>
    public required double? Mean { get; init; }

    /// <summary>The range that is judged; null where unbounded or unknown.</summary>
    public required double? Low { get; init; }

    public required double? High { get; init; }

    /// <summary><c>above</c>, <c>below</c> or <c>both</c> where seeds that never get there leave the range open; null otherwise.</summary>
    public required string? Unbounded { get; init; }

    /// <summary>Seeds with a value, never among them.</summary>
    public required int Seeds { get; init; }

    /// <summary>The quantity by seed, in the sweep's order; null for never, and for a missing one.</summary>
    public required IReadOnlyList<double?> PerSeed { get; init; }

    /// <summary>Means of the two sides; null without a comparison or where a seed has none.</summary>
    public required double? A { get; init; }

    public required double? B { get; init; }

    /// <summary>Why something above is null: <c>never in 2 of 5 seeds</c>, <c>no result for seed 3: failed</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
