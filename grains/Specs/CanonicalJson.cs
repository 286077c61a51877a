using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// One text per value: keys sorted by code unit, no spaces, numbers in their shortest invariant form that reads back exactly (1.0 is 1, -0 is 0).
/// </summary>
public static class CanonicalJson
{
    /// <summary>Whole numbers up to here are exact in double precision and written as such.</summary>
    private const double LargestExact = 9_007_199_254_740_992;

    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, paths: true, names: true);
        return text.ToString();
    }

    /// <summary>
    /// As <see cref="Write"/>, without what is part of no identity: a resolved kind's <c>name</c>, and the <c>path</c> of a file whose <c>sha256</c>
    /// stands beside it.
    /// </summary>
    public static string WriteIdentity(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, paths: false, names: false);
        return text.ToString();
    }

    /// <summary>As <see cref="Write"/>, without the <c>path</c> of a file whose <c>sha256</c> stands beside it: a sweep may be moved with its data.</summary>
    public static string WriteHashed(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, paths: false, names: true);
        return text.ToString();
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of UTF-8 text.</summary>
    public static string Hash(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    internal static bool IsResolvedKind(JsonObject value) =>
        value.Count == 3 && value.ContainsKey("kind") && value.ContainsKey("name") && value["parameters"] is JsonObject;

    internal static bool IsHashedFile(JsonObject value) => value.ContainsKey("path") && value.ContainsKey("sha256");

    private static void Append(StringBuilder text, JsonNode? node, bool paths, bool names)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject value:
                AppendObject(text, value, paths, names);
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Append(text, list[i], paths, names);
                }

                text.Append(']');
                break;
            default:
                AppendScalar(text, node);
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonObject value, bool paths, bool names)
    {
        var left = !names && IsResolvedKind(value) ? "name" : !paths && IsHashedFile(value) ? "path" : null;
        text.Append('{');
        var first = true;
        foreach (var (key, member) in value.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (string.Equals(key, left, StringComparison.Ordinal)) continue;
            if (!first) text.Append(',');
            first = false;
            text.Append(JsonSerializer.Serialize(key)).Append(':');
            Append(text, member, paths, names);
        }

        text.Append('}');
    }

    private static void AppendScalar(StringBuilder text, JsonNode node)
    {
        if (node is JsonValue scalar && scalar.TryGetValue(out double value) && !double.IsFinite(value))
        {
            // JSON has none. No resolved spec does either: this is of one that is being refused.
            text.Append(JsonSerializer.Serialize(value.ToString(CultureInfo.InvariantCulture)));
            return;
        }

        var written = node.ToJsonString();
        if (node.GetValueKind() == JsonValueKind.Number && !long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            var number = double.Parse(written, CultureInfo.InvariantCulture);
            written = Math.Abs(number) < LargestExact && Math.Truncate(number) == number
                ? ((long)number).ToString(CultureInfo.InvariantCulture)
                : number.ToString("R", CultureInfo.InvariantCulture);
        }
        else if (node.GetValueKind() == JsonValueKind.String)
        {
            // A value parsed from other JSON keeps that text's escapes.
            written = JsonSerializer.Serialize(node.GetValue<string>());
        }

        text.Append(written);
    }
}
