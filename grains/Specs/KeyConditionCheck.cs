using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether every key that was written means something: its <see cref="SpecKey.OnlyWith"/> holds somewhere. As an axis it must hold everywhere, else values
/// of the axis would name one and the same trial.
/// </summary>
internal static class KeyConditionCheck
{
    public static void Report(
        IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, IReadOnlyList<ReadVariant> variants, SpecErrors errors)
    {
        foreach (var section in SpecSections.All)
        {
            var keys = ReadKey.OfSection(section, axes, fixedKeys);
            foreach (var key in keys.Where(k => k is { Written: true, Key.OnlyWith: not null }))
            {
                // A key of the section holds for all variants, and need mean something in one of them only.
                var values = variants.Count == 0
                    ? Values(keys, key)
                    : [.. variants.SelectMany(v => Values(ReadKey.OfSection(section, axes, v.Over(fixedKeys)), key)).DistinctBy(ReadAxis.Text)];
                Report(section, key, values, errors);
            }

            foreach (var variant in variants)
            {
                var over = ReadKey.OfSection(section, axes, variant.Over(fixedKeys));
                foreach (var (_, key) in variant.Keys.Where(k => ReferenceEquals(k.Section, section) && k.Key.Key.OnlyWith is not null))
                    Report(section, key, Values(over, key), errors);
            }
        }
    }

    /// <summary>The values of the key that another's condition is about; none where it is wrong, which has been reported.</summary>
    private static IReadOnlyList<JsonNode> Values(List<ReadKey> keys, ReadKey of) =>
        keys.Find(k => string.Equals(k.Key.Name, of.Key.OnlyWith!.Key, StringComparison.Ordinal))?.Values ?? [];

    private static void Report(SpecSection section, ReadKey key, IReadOnlyList<JsonNode> values, SpecErrors errors)
    {
        var condition = key.Key.OnlyWith!;
        var axis = key.Values.Count > 1;
        if (values.Count == 0 || (axis ? values.All(condition.Holds) : values.Any(condition.Holds))) return;
        var idle = string.Join(", ", values.Where(v => !condition.Holds(v)).Select(ReadAxis.Text));
        errors.Add(key.Line, $"{section.Name}.{key.Key.Name}: {(axis ? "an axis" : ReadAxis.Text(key.Values[0]))} with {condition.Key} {idle}"
            + $"; allowed: {(axis ? "an axis where every" : "only with a")} {condition.Key} {(axis ? "is " : "")}{condition.Value}");
    }
}
