using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A section's key as read: its values (one, or an axis') and where they stand.</summary>
/// <param name="Written">False for a default.</param>
internal sealed record ReadKey(SpecKey Key, int Line, IReadOnlyList<JsonNode> Values, bool Written);
