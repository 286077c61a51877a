using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A variant as read: the keys that it sets.</summary>
/// <param name="Keys">Each with one value and the section it belongs to.</param>
internal sealed record ReadVariant(string Name, int Line, IReadOnlyList<(SpecSection Section, ReadKey Key)> Keys)
{
    /// <summary>As in <see cref="SweepSpec.Resolved"/>: the form of a resolved kind, its parameters being the keys under their dotted names.</summary>
    public JsonObject Json => new()
    {
        ["kind"] = AxisDefinition.Variant.Name,
        ["name"] = Name,
        ["parameters"] =
            new JsonObject(Keys.Select(k => KeyValuePair.Create<string, JsonNode?>($"{k.Section.Name}.{k.Key.Key.Name}", k.Key.Values[0].DeepClone()))),
    };

    /// <summary>The sections' fixed keys as they are in this variant's trials.</summary>
    public Dictionary<string, List<ReadKey>> Over(Dictionary<string, List<ReadKey>> fixedKeys) =>
        fixedKeys.ToDictionary(
            s => s.Key,
            s => s.Value.ConvertAll(key => Keys.FirstOrDefault(k => ReferenceEquals(k.Key.Key, key.Key)).Key ?? key),
            StringComparer.Ordinal);

    /// <summary>What tells its trials from another variant's: every key at the value it has here, those left out or without meaning left out.</summary>
    public string Identity(Dictionary<string, List<ReadKey>> fixedKeys)
    {
        var all = new JsonObject();
        foreach (var (section, keys) in Over(fixedKeys))
        {
            var kept = keys.Where(k => !k.Key.LeftOut(k.Values[0])
                && (k.Key.OnlyWith is not { } condition || keys.Find(o => string.Equals(o.Key.Name, condition.Key, StringComparison.Ordinal)) is not { } other
                    || condition.Holds(other.Values[0])));
            all[section] = new JsonObject(kept.Select(k => KeyValuePair.Create<string, JsonNode?>(k.Key.Name, k.Values[0].DeepClone())));
        }

        return CanonicalJson.WriteIdentity(all);
    }
}
