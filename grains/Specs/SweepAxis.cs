using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Specs;

/// <summary>A list of values that the spec varies, or a range that its search draws them from. An axis of one value is an axis still.</summary>
/// <param name="Name">dataset, preprocessing, schedule, width, variant or a dotted name.</param>
/// <param name="Values">Labels or JSON scalars, in the spec's order; of a range those of the search's points, rising.</param>
public sealed record SweepAxis(string Name, IReadOnlyList<JsonNode> Values)
{
    /// <summary>What the values were drawn from; null for a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AxisRange? Range { get; init; }
}
