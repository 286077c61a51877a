using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A trial that failed for good.</summary>
public sealed record FailureSection
{
    /// <summary>The trial's id.</summary>
    public required string Trial { get; init; }

    public required JsonObject Axes { get; init; }

    public required long Seed { get; init; }

    /// <summary><c>failed</c>, or <c>damaged</c>: it completed, and its stored result can't be used</summary>
    public required string Cause { get; init; }

    public required string Message { get; init; }
}
