using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What was asked for.</summary>
public sealed record SweepSection
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>The resolved spec, every default filled in.</summary>
    public required JsonObject Spec { get; init; }

    /// <summary>The spec as the user wrote it.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    public required IReadOnlyList<long> Seeds { get; init; }

    public required CompareSpec Compare { get; init; }

    public required double ThresholdNats { get; init; }
}
