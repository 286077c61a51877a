using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The first samples of one trial as points of a <see cref="ScatterSection"/>.</summary>
public sealed record GroupScatter
{
    /// <summary>The group's axes, as in <see cref="GroupSection.Axes"/>.</summary>
    public required JsonObject Axes { get; init; }

    public required string Trial { get; init; }

    public required long Seed { get; init; }

    /// <summary>Samples within the picture's edge, as a cloud.</summary>
    public required string Points { get; init; }

    /// <summary>Samples beyond the edge, or not finite, which are not among <see cref="Points"/>.</summary>
    public required int Outside { get; init; }

    /// <summary>The same trial's samples on their way, from the initial noise on; left out where its trajectory is not at hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScatterMoment>? Moments { get; init; }
}
