using System.Text.Json.Nodes;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>seeds</c>: a count (5 is 0 to 4), a list, or the looks of a race, whose last is the count.</summary>
internal static class SeedReader
{
    private const int DefaultCount = 5;

    /// <summary>The largest whole number up to which JSON keeps every one exact.</summary>
    private const long Largest = 9_007_199_254_740_991;

    /// <summary>The seeds; null, with errors reported, when they are wrong.</summary>
    public static IReadOnlyList<long>? Read(YamlEntry? entry, SpecErrors errors)
    {
        if (entry is null) return Range(DefaultCount);
        if (entry.Value is YamlList list) return Read(list, "seeds", errors);
        if (entry.Value is YamlMap race) return RaceReader.ReadLooks(race, errors) is { } looks ? Range(looks[^1]) : null;
        if (entry.Value is YamlText text && YamlScalars.Value(text) is JsonValue value
            && ParameterReader.Whole(value) is { } count and >= 1 and <= SpecReader.MaxTrials)
        {
            return Range((int)count);
        }

        errors.Add(entry.Value.Line,
            $"seeds: {ParameterReader.ShowAsNumber(entry.Value)}; allowed: how many, a whole number from 1 to {SpecReader.MaxTrials}, a list of seeds, or "
                + "{looks: [5, 8, 12, 20]}");
        return null;
    }

    /// <summary>A list of different seeds; null, with errors reported, when they are wrong.</summary>
    /// <param name="what">What errors call it.</param>
    public static List<long>? Read(YamlList list, string what, SpecErrors errors)
    {
        var before = errors.Count;
        var seeds = new List<long>();
        var lines = new Dictionary<long, int>();
        if (list.Items.Count == 0) errors.Add(list.Line, $"{what}: an empty list; allowed: at least one seed");
        foreach (var item in list.Items)
        {
            if (item is not YamlText text || YamlScalars.Value(text) is not JsonValue value
                || ParameterReader.Whole(value) is not (>= 0 and <= Largest and { } seed))
                errors.Add(item.Line, $"{what}: {ParameterReader.ShowAsNumber(item)}; allowed: whole numbers from 0 to {Largest}");
            else if (!lines.TryAdd(seed, item.Line))
                errors.Add(item.Line, $"duplicate value in {what}: {seed} (first on line {lines[seed]}); allowed: each seed once");
            else
                seeds.Add(seed);
        }

        return errors.Count == before ? seeds : null;
    }

    private static List<long> Range(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];
}
