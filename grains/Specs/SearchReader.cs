using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>search</c>.</summary>
internal static class SearchReader
{
    /// <summary>The largest whole number up to which JSON keeps every one exact.</summary>
    private const long LargestSeed = 9_007_199_254_740_991;

    private static readonly Parameter
        Method = Parameter.Choice("method", SearchSpec.Sobol, [SearchSpec.Sobol, SearchSpec.Random], "the sequence"),
        Groups = Parameter.Integer("groups", 64, 1, SpecReader.MaxTrials, "how many different settings"),
        Seed = Parameter.Integer("seed", 0, 0, LargestSeed, "of the sequence");

    /// <summary>In the order in which docs/spec.md has them.</summary>
    public static IReadOnlyList<Parameter> Keys { get; } = [Method, Groups, Seed];

    /// <summary>What the mapping may hold, in words.</summary>
    public static string Holds => "method, groups and seed";

    /// <summary>The search; null, with errors reported, where it is wrong.</summary>
    public static SearchSpec? Read(YamlEntry entry, YamlMap? map, SpecErrors errors)
    {
        int before = errors.Count;
        if (YamlScalars.IsNull(entry.Value))
            errors.Add(entry.Line, $"{SearchSpec.Key}: nothing in it; allowed: {Holds}");
        foreach (YamlEntry other in (map?.Entries ?? []).Where(e => Keys.All(k => k.Name != e.Key)))
            errors.Add(other.Line, SpecWords.Unknown($"key in {SearchSpec.Key}", other.Key, Keys.Select(k => k.Name)));
        if (map is not null && map.Find(Groups.Name) is null)
            errors.Add(entry.Line, $"no {SearchSpec.Key}.{Groups.Name}; allowed: {ParameterReader.Allowed(Groups)}, how many different settings are run");
        JsonNode method = Value(Method), groups = Value(Groups), seed = Value(Seed);
        return map is null || errors.Count > before ? null : new SearchSpec
        {
            Method = method.GetValue<string>(), Groups = groups.GetValue<int>(), Seed = seed.GetValue<long>(),
        };

        JsonNode Value(Parameter parameter) => JsonNode.Parse((map?.Find(parameter.Name) is { } given
            && ParameterReader.TryRead(parameter, given.Value, $"{SearchSpec.Key}.{parameter.Name}", errors, out JsonNode value)
                ? value : parameter.DefaultValue!).ToJsonString())!;
    }

    /// <summary>
    /// What the search makes of the axes: ranges get the values that its points have, in rising order. Null, with errors reported, where it can't be made.
    /// </summary>
    public static SweepPlaces? Plan(SearchSpec search, YamlEntry entry, List<ReadAxis> axes, SpecErrors errors)
    {
        int varying = axes.Count(a => a.Range is not null || a.Values.Count > 1);
        int line = entry.Value.Line;
        if (varying == 0)
        {
            errors.Add(line, $"{SearchSpec.Key}: no axis varies; allowed: beside a range or a list of several values among the axes");
            return null;
        }

        if (search.Method == SearchSpec.Sobol && varying > SearchPoints.MaxSobolAxes)
        {
            errors.Add(line,
                $"{SearchSpec.Key}.{Method.Name}: {SearchSpec.Sobol} over {varying} axes; allowed: at most {SearchPoints.MaxSobolAxes}, or "
                    + SearchSpec.Random);
            return null;
        }

        SearchPoints points = SearchPoints.Of([.. axes.Select(a => new SearchAxis(a.Values.Count, a.Range))], search);
        if (points.Places.Count < search.Groups)
        {
            errors.Add(line,
                $"{SearchSpec.Key}.{Groups.Name}: {search.Groups}, and the search finds {points.Places.Count} different settings of these axes; allowed: "
                + $"at most {points.Places.Count}, or axes with more values");
            return null;
        }

        for (int i = 0; i < axes.Count; i++)
        {
            if (points.Values[i] is { } values)
                axes[i] = axes[i] with { Values = values, Labels = [.. values.Select(v => v.DeepClone())] };
        }

        return SweepPlaces.Search([.. axes.Select(a => a.Values.Count)], points.Places);
    }
}
