using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The panel of the opening picture, and why this one.</summary>
public sealed record PictureChoice(JsonNode? Dataset, JsonNode? Width, string Reason);
