using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// What an estimator suggested so far, as the store's sweep keeps it beside its resolved spec. No part of a sweep's identity: it follows from the results of
/// tuning trials.
/// </summary>
/// <param name="Settings">By repeat, arm and suggestion, the earliest first: a value for every key of <see cref="TuneSpec.Over"/>.</param>
public sealed record TunedSuggestions(IReadOnlyList<IReadOnlyList<IReadOnlyList<IReadOnlyList<JsonNode>>>> Settings)
{
    /// <summary>In the resolved spec that a store keeps.</summary>
    internal const string Key = "suggested";

    /// <summary>As JSON.</summary>
    internal JsonNode Write() => new JsonArray([.. Settings.Select(arms => new JsonArray([.. arms.Select(settings => new JsonArray(
        [.. settings.Select(values => new JsonArray([.. values.Select(v => v.DeepClone())]))]))]))]);

    /// <summary>A resolved spec with these suggestions.</summary>
    /// <param name="resolved">Not changed.</param>
    internal static JsonObject With(JsonObject resolved, TunedSuggestions? suggestions)
    {
        JsonObject result = resolved.DeepClone().AsObject();
        result.Remove(Key);
        if (suggestions is not null)
            result.Add(Key, suggestions.Write());
        return result;
    }

    /// <summary>Of a resolved spec; null where nothing is suggested yet.</summary>
    /// <exception cref="JsonException">It holds something else.</exception>
    internal static TunedSuggestions? Read(JsonObject? resolved)
    {
        try
        {
            return resolved?[Key] is { } stored ? Of(stored) : null;
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new JsonException("what an estimator suggested is not readable", e);
        }
    }

    /// <exception cref="InvalidOperationException">It is something else.</exception>
    internal static TunedSuggestions Of(JsonNode stored) => new([.. stored.AsArray().Select(IReadOnlyList<IReadOnlyList<IReadOnlyList<JsonNode>>> (arms) =>
        [.. arms!.AsArray().Select(IReadOnlyList<IReadOnlyList<JsonNode>> (settings) =>
            [.. settings!.AsArray().Select(IReadOnlyList<JsonNode> (values) => [.. values!.AsArray().Select(v => v!.DeepClone())])])])]);
}
