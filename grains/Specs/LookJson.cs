using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>The looks of a sweep in the resolved spec that a store keeps, under <c>extended</c>. No part of a sweep's identity.</summary>
internal static class LookJson
{
    public const string Key = "extended";

    /// <summary>A resolved spec with these looks and no others.</summary>
    /// <param name="resolved">Not changed.</param>
    /// <param name="looks">The earliest first.</param>
    public static JsonObject With(JsonObject resolved, IReadOnlyCollection<SweepLook> looks)
    {
        JsonObject result = resolved.DeepClone().AsObject();
        result.Remove(Key);
        if (looks.Count > 0)
            result.Add(Key, new JsonArray([.. looks.Select(Write)]));
        return result;
    }

    /// <exception cref="JsonException">It holds something else.</exception>
    public static IReadOnlyList<SweepLook> Read(JsonObject? resolved)
    {
        try
        {
            return resolved?[Key] is { } list ? [.. list.AsArray().Select(l => Read(l!))] : [];
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new JsonException("a stored look is not readable", e);
        }
    }

    private static JsonNode Write(SweepLook look) => new JsonObject
    {
        ["at"] = look.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        ["completed"] = look.Completed,
        ["total"] = look.Total,
        ["seeds"] = new JsonArray([.. look.Seeds.Select(s => JsonValue.Create(s))]),
        ["values"] = new JsonObject(look.Values.Select(
            a => KeyValuePair.Create<string, JsonNode?>(a.Key, new JsonArray([.. a.Value.Select(v => JsonValue.Create(v))])))),
    };

    private static SweepLook Read(JsonNode look) => new(
        DateTimeOffset.Parse(look["at"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        look["completed"]!.GetValue<long>(), look["total"]!.GetValue<long>(),
        [.. look["seeds"]!.AsArray().Select(s => s!.GetValue<long>())],
        look["values"]!.AsObject().ToDictionary(
            a => a.Key, IReadOnlyList<string> (a) => [.. a.Value!.AsArray().Select(v => v!.GetValue<string>())], StringComparer.Ordinal));
}
