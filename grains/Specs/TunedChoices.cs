using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// What tuning chose, once, as the store's sweep keeps it beside its resolved spec. No part of a sweep's identity: it follows from the results of the tuning
/// trials.
/// </summary>
/// <param name="Chosen">By repeat and arm: the number of the setting, from 0.</param>
public sealed record TunedChoices(IReadOnlyList<IReadOnlyList<int>> Chosen)
{
    /// <summary>In the resolved spec that a store keeps.</summary>
    internal const string Key = "tuned";

    /// <summary>A resolved spec with these choices.</summary>
    /// <param name="resolved">Not changed.</param>
    internal static JsonObject With(JsonObject resolved, TunedChoices? choices)
    {
        JsonObject result = resolved.DeepClone().AsObject();
        result.Remove(Key);
        if (choices is not null)
            result.Add(Key, new JsonArray([.. choices.Chosen.Select(arms => new JsonArray([.. arms.Select(c => JsonValue.Create(c))]))]));
        return result;
    }

    /// <summary>Of a resolved spec; null where nothing is chosen yet.</summary>
    /// <exception cref="JsonException">It holds something else.</exception>
    internal static TunedChoices? Read(JsonObject? resolved)
    {
        try
        {
            return resolved?[Key] is { } chosen
                ? new TunedChoices([.. chosen.AsArray().Select(IReadOnlyList<int> (arms) => [.. arms!.AsArray().Select(c => c!.GetValue<int>())])]) : null;
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new JsonException("what tuning chose is not readable", e);
        }
    }
}
