using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// That another key of the section has a value: what a key needs to mean anything (<c>noise_mean</c> needs <c>noise_distribution: log-normal</c>).
/// </summary>
/// <param name="Key">A text key of the same section.</param>
/// <param name="Value">What it must be.</param>
public sealed record KeyCondition(string Key, string Value)
{
    public bool Holds(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? word) && string.Equals(word, Value, StringComparison.Ordinal);
}
