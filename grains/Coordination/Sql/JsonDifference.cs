using System.Text.Json.Nodes;

namespace Sweep.Grains.Coordination.Sql;

/// <summary>What differs between two resolved specs, one line per value: <c>training.steps: 4000 → 8000</c>.</summary>
internal static class JsonDifference
{
    private static readonly JsonNode Absent = JsonValue.Create("\0absent");

    public static string Describe(JsonObject before, JsonObject after)
    {
        List<string> lines = [];
        Compare("", before, after, lines);
        return string.Join('\n', lines);
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> lines)
    {
        if (before is JsonObject a && after is JsonObject b)
        {
            foreach (string key in a.Select(p => p.Key).Union(b.Select(p => p.Key), StringComparer.Ordinal))
                Compare(path.Length == 0 ? key : $"{path}.{key}", Value(a, key), Value(b, key), lines);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            lines.Add($"  {path}: {Show(before)} → {Show(after)}");
        }
    }

    private static JsonNode? Value(JsonObject json, string key) => json.TryGetPropertyValue(key, out JsonNode? value) ? value : Absent;

    private static string Show(JsonNode? node) => ReferenceEquals(node, Absent) ? "(not there)" : node?.ToJsonString() ?? "null";
}
