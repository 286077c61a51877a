using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether every key that was written means something: its <see cref="SpecKey.OnlyWith"/> holds somewhere. As an axis it must hold everywhere, else values
/// of the axis would name one and the same trial.
/// </summary>
internal static class KeyConditionCheck
{
    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        foreach (var section in SpecSections.All)
        {
            var keys = ReadKey.OfSection(section, axes, fixedKeys);
            foreach (var key in keys.Where(k => k is { Written: true, Key.OnlyWith: not null }))
            {
                var condition = key.Key.OnlyWith!;
                if (keys.Find(k => string.Equals(k.Key.Name, condition.Key, StringComparison.Ordinal)) is not { } other) continue;
                IEnumerable<JsonNode> values = other.Values;
                var axis = key.Values.Count > 1;
                if (axis ? values.All(condition.Holds) : values.Any(condition.Holds)) continue;
                var idle = string.Join(", ", other.Values.Where(v => !condition.Holds(v)).Select(ReadAxis.Text));
                errors.Add(key.Line, $"{section.Name}.{key.Key.Name}: {(axis ? "an axis" : ReadAxis.Text(key.Values[0]))} with {condition.Key} {idle}"
                    + $"; allowed: {(axis ? "an axis where every" : "only with a")} {condition.Key} {(axis ? "is " : "")}{condition.Value}");
            }
        }
    }
}
