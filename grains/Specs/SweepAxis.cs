using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A list of values that the spec varies. An axis of one value is an axis still.</summary>
/// <param name="Name">dataset, preprocessing, schedule, width, variant or a dotted name.</param>
/// <param name="Values">Labels or JSON scalars, in the spec's order.</param>
public sealed record SweepAxis(string Name, IReadOnlyList<JsonNode> Values);
