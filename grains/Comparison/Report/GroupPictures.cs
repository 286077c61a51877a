using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The first samples of one trial.</summary>
public sealed record GroupPictures
{
    /// <summary>The group's axes, as in <see cref="GroupSection.Axes"/>.</summary>
    public required JsonObject Axes { get; init; }

    public required string Trial { get; init; }

    public required long Seed { get; init; }

    /// <summary>(count, side, side) bytes.</summary>
    public required string Images { get; init; }
}
