using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Axis values as text.</summary>
internal static class AxisText
{
    /// <summary>A label as it is, anything else as its JSON: <c>gaussianize</c>, <c>16</c>, <c>0.001</c>, <c>true</c>.</summary>
    public static string Of(JsonNode? value) =>
        value is null ? "null" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    /// <summary><c>preprocessing gaussianize, width 8</c>.</summary>
    public static string Place(JsonObject values, IEnumerable<string> axes) => string.Join(", ", axes.Select(a => $"{a} {Of(values[a])}"));

    /// <summary>The value as a number; null when it isn't one.</summary>
    public static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? JsonSerializer.Deserialize<double>(value) : null;
}
