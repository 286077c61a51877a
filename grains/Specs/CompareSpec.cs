using System.Text.Json.Serialization;

namespace Sweep.Grains.Specs;

/// <summary>The <c>compare</c> section: what the report's headline compares.</summary>
public sealed record CompareSpec
{
    /// <summary>The axis whose values are compared; default: preprocessing if it varies, else the first axis that does.</summary>
    public required string Axis { get; init; }

    /// <summary>The value the others are compared with; default: the axis' first. Its label as in <see cref="SweepAxis.Values"/>, as text.</summary>
    public required string Baseline { get; init; }

    /// <summary>The headline metric.</summary>
    public required string Metric { get; init; }

    /// <summary>Two metrics whose front the report shows; empty for none. No part of what is compared.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Pareto { get; init; } = [];
}
