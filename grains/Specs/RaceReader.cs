using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>
/// Reads a race: <c>seeds: {looks: […]}</c>, and <c>race</c>, which says how its looks are judged. Part of a sweep's identity, of no trial's.
/// </summary>
internal static class RaceReader
{
    public const string Name = "race", Looks = "looks";

    private const string Spend = "spend", Allowed = "at least two rising numbers of seeds, the first at least 2: [5, 8, 12, 20]";

    /// <summary>Looks of one race: each costs a share of the level.</summary>
    private const int MaxLooks = 100;

    /// <summary>A look with less of the level finds nothing, however many seeds it has.</summary>
    private const double LeastShare = 1e-6;

    /// <summary>How far shares written as decimals may be from summing to 1.</summary>
    private const double Rounding = 1e-9;

    private static readonly Parameter Margin = Parameter.Real("margin", null, "differences below it count as none", 0, minimumExclusive: true);
    private static readonly Parameter Futility = Parameter.Flag("futility", true, "whether what the seeds planned can't decide stops");
    private static readonly string[] Keys = [Margin.Name, Spend, Futility.Name];

    /// <summary>What the mapping may hold, in words.</summary>
    public static string Holds => $"{string.Join(", ", Keys.SkipLast(1))} or {Keys[^1]}";

    /// <summary>Whether <c>seeds</c> are those of a race.</summary>
    public static bool Is(YamlEntry? seeds) => seeds?.Value is YamlMap;

    /// <summary>Seeds by each look; null, with errors reported, when they are wrong.</summary>
    public static IReadOnlyList<int>? ReadLooks(YamlMap seeds, SpecErrors errors)
    {
        int before = errors.Count;
        foreach (YamlEntry entry in seeds.Entries.Where(e => e.Key != Looks))
            errors.Add(entry.Line, SpecWords.Unknown("key in seeds", entry.Key, [Looks]));
        if (seeds.Find(Looks) is not { } looks)
        {
            if (errors.Count == before)
                errors.Add(seeds.Line, $"seeds: a mapping without {Looks}; allowed: {{{Looks}: [5, 8, 12, 20]}}, how many, or a list of seeds");
            return null;
        }

        if (looks.Value is not YamlList { Items: { Count: >= 2 and <= MaxLooks } items })
        {
            string shown = looks.Value is YamlList { Items.Count: > 0 } list ? $"{list.Items.Count} of them" : ParameterReader.ShowAsNumber(looks.Value);
            errors.Add(looks.Value.Line, $"seeds.{Looks}: {shown}; allowed: {Allowed}, at most {MaxLooks} of them");
            return null;
        }

        List<int> read = [];
        foreach (YamlNode item in items)
        {
            if (item is not YamlText text || YamlScalars.Value(text) is not JsonValue value
                || ParameterReader.Whole(value) is not (>= 2 and <= SpecReader.MaxTrials and { } count))
                errors.Add(item.Line, $"seeds.{Looks}: {ParameterReader.ShowAsNumber(item)}; allowed: whole numbers from 2 to {SpecReader.MaxTrials}");
            else if (read.Count > 0 && count <= read[^1])
                errors.Add(item.Line, $"seeds.{Looks}: {count} after {read[^1]}; allowed: rising numbers, as all seeds of a look are also the next one's");
            else
                read.Add((int)count);
        }

        return errors.Count == before ? read : null;
    }

    /// <summary>The race; null where there is none, or, with errors reported, where it is wrong.</summary>
    /// <param name="seeds">The entry.</param>
    /// <param name="looks">Its looks; null where they are wrong or there are none.</param>
    /// <param name="race">The entry <c>race</c>.</param>
    /// <param name="map">Its mapping; null where it is none.</param>
    /// <param name="errors">What is wrong.</param>
    public static RaceSpec? Read(YamlEntry? seeds, IReadOnlyList<int>? looks, YamlEntry? race, YamlMap? map, SpecErrors errors)
    {
        if (!Is(seeds))
        {
            if (race is not null)
                errors.Add(race.Line, $"{Name}: there are no looks; allowed: beside seeds: {{{Looks}: [5, 8, 12, 20]}}");
            return null;
        }

        int before = errors.Count;
        if (race is not null && (map is { Entries.Count: 0 } || YamlScalars.IsNull(race.Value)))
            errors.Add(race.Line, $"{Name}: nothing in it; allowed: {Holds}, or no {Name} for their defaults");
        foreach (YamlEntry entry in (map?.Entries ?? []).Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown($"key in {Name}", entry.Key, Keys));
        double? margin = Value(Margin)?.GetValue<double>();
        bool futility = Value(Futility)?.GetValue<bool>() ?? true;
        IReadOnlyList<double>? spend = looks is not null && map?.Find(Spend) is { } shares ? Shares(shares.Value, looks, errors) : null;
        return looks is null || errors.Count > before ? null : new RaceSpec { Looks = looks, Spend = spend, Margin = margin, Futility = futility };

        JsonNode? Value(Parameter parameter) => map?.Find(parameter.Name) is { } entry
            && ParameterReader.TryRead(parameter, entry.Value, $"{Name}.{parameter.Name}", errors, out JsonNode value)
                ? JsonNode.Parse(value.ToJsonString()) : null;
    }

    /// <summary>Adds it to a resolved spec.</summary>
    public static void Write(JsonObject resolved, RaceSpec? race)
    {
        if (race is null)
            return;
        JsonObject section = new()
        {
            [Looks] = new JsonArray([.. race.Looks.Select(n => JsonValue.Create(n))]), [Futility.Name] = race.Futility,
        };
        if (race.Margin is { } margin)
            section.Add(Margin.Name, margin);
        if (race.Spend is { } spend)
            section.Add(Spend, new JsonArray([.. spend.Select(w => JsonValue.Create(w))]));
        resolved.Add(Name, section);
    }

    /// <summary>As <see cref="Read(YamlEntry?, IReadOnlyList{int}?, YamlEntry?, YamlMap?, SpecErrors)"/>, of a resolved spec.</summary>
    public static RaceSpec? Read(JsonObject resolved) => resolved[Name] is not { } race ? null : new RaceSpec
    {
        Looks = [.. race[Looks]!.AsArray().Select(n => n!.GetValue<int>())],
        Spend = race[Spend]?.AsArray().Select(w => w!.GetValue<double>()).ToArray(),
        Margin = race[Margin.Name]?.GetValue<double>(),
        Futility = race[Futility.Name]!.GetValue<bool>(),
    };

    private static List<double>? Shares(YamlNode node, IReadOnlyList<int> looks, SpecErrors errors)
    {
        string least = LeastShare.ToString("0.######", CultureInfo.InvariantCulture);
        string allowed = $"a share of the level for each of the {looks.Count} looks, from {least} on, summing to 1";
        if (node is not YamlList list || list.Items.Count != looks.Count)
        {
            string shown = node is YamlList { Items.Count: > 0 } wrong ? $"{wrong.Items.Count} of them" : ParameterReader.ShowAsNumber(node);
            errors.Add(node.Line, $"{Name}.{Spend}: {shown}; allowed: {allowed}");
            return null;
        }

        List<double> shares = [];
        foreach (YamlNode item in list.Items)
        {
            if (item is YamlText text && YamlScalars.Value(text) is JsonValue value && ParameterReader.Number(value) is >= LeastShare and <= 1 and { } share)
                shares.Add(share);
            else
                errors.Add(item.Line, $"{Name}.{Spend}: {ParameterReader.ShowAsNumber(item)}; allowed: {allowed}");
        }

        if (shares.Count < looks.Count)
            return null;
        if (Math.Abs(shares.Sum() - 1) <= Rounding)
            return shares;
        errors.Add(node.Line, $"{Name}.{Spend}: the shares sum to {ParameterReader.Show(Math.Round(shares.Sum(), 6))}; allowed: {allowed}");
        return null;
    }
}
