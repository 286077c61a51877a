using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Text;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads an axis' list of values, or the one value that stands for a list of one.</summary>
internal sealed class AxisReader(SpecCatalogue catalogue, KindReader kinds, SpecErrors errors)
{
    private static readonly Parameter
        Scale = Parameter.Choice("scale", AxisRange.Linear, AxisRange.Scales, "what values are spread evenly on"),
        Integer = Parameter.Flag("integer", false, "whether values are whole numbers");

    private static readonly string[] RangeKeys = ["from", "to", Scale.Name, Integer.Name];

    /// <summary>Reads the values; null, with errors reported, when some are wrong.</summary>
    /// <param name="what">What errors call it: <c>axes.width</c>, <c>sampling.sampler</c>.</param>
    public ReadAxis? Read(AxisDefinition definition, YamlNode node, string what)
    {
        if (node is YamlMap map && map.Find("kind") is null && (map.Find("from") ?? map.Find("to")) is not null) return Range(definition, map, what);
        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        if (items.Count == 0)
        {
            errors.Add(node.Line, $"{what}: an empty list; allowed: at least one value");
            return null;
        }

        var before = errors.Count;
        var axis = definition.Seam is { } seam ? Kinds(definition, catalogue.Of(seam), node, items, what) : Scalars(definition, node, items, what);
        return errors.Count == before ? axis : null;
    }

    /// <summary>A range, whose values are a search's or tuning's to draw.</summary>
    private ReadAxis? Range(AxisDefinition definition, YamlMap map, string what)
    {
        var before = errors.Count;
        if (!what.StartsWith("axes.", StringComparison.Ordinal) && !what.StartsWith($"{TuneSpec.Key}.", StringComparison.Ordinal))
        {
            errors.Add(map.Line, $"{what}: a range; allowed: one value, or a range as axes.{definition.Name}");
            return null;
        }

        if (definition.Key?.Parameter is not { Kind: ParameterKind.Integer or ParameterKind.Real } parameter)
        {
            errors.Add(map.Line, $"{what}: a range; allowed: a list, as its values are no numbers");
            return null;
        }

        foreach (var entry in map.Entries.Where(e => !RangeKeys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown($"key in {what}", entry.Key, RangeKeys));
        var scale = map.Find("scale") is { } s && ParameterReader.TryRead(Scale, s.Value, $"{what}.scale", errors, out var read)
            ? read.GetValue<string>() : AxisRange.Linear;
        var counted = parameter.Kind == ParameterKind.Integer;
        var integer = map.Find("integer") is { } w && ParameterReader.TryRead(Integer, w.Value, $"{what}.integer", errors, out var flag)
            ? flag.GetValue<bool>() : counted;
        if (counted && !integer) errors.Add(map.Find("integer")!.Line, $"{what}.integer: false; allowed: true, as {definition.Name} is a whole number");
        var (from, to) = (End("from"), End("to"));
        if (from is not { } low || to is not { } high || errors.Count > before) return null;
        if (high <= low)
            errors.Add(map.Line, $"{what}: from {ParameterReader.Show(low)} to {ParameterReader.Show(high)}; allowed: to above from, or one value");
        else if (low <= 0 && scale != AxisRange.Linear)
            errors.Add(map.Line, $"{what}.from: {ParameterReader.Show(low)} on scale {scale}; allowed: above 0, or scale {AxisRange.Linear}");
        else
            return new ReadAxis(definition, map.Line, [], [], []) { Range = AxisRange.Of(definition, low, high, scale, integer) };
        return null;

        double? End(string key)
        {
            if (map.Find(key) is not { } entry)
            {
                errors.Add(map.Line, $"{what}: no {key}; allowed: {ParameterReader.Allowed(parameter)}, and from and to both");
                return null;
            }

            // A number's words, such as a bandwidth's, are no end of a range.
            if (!ParameterReader.TryRead(parameter, entry.Value, $"{what}.{key}", errors, out var value)) return null;
            if (value is not JsonValue number || ParameterReader.Number(number) is not { } end) return Refuse("a number");
            if (integer && Math.Truncate(end) != end) return Refuse("a whole number, as integer is true");
            return definition.Key!.MultipleOf == 1 || end % definition.Key.MultipleOf == 0 ? end : Refuse($"a multiple of {definition.Key.MultipleOf}");

            double? Refuse(string allowed)
            {
                errors.Add(entry.Line, $"{what}.{key}: {ParameterReader.Show(entry.Value)}; allowed: {allowed}");
                return null;
            }
        }
    }

    private ReadAxis Kinds(AxisDefinition definition, KindCatalogue catalogue, YamlNode node, IReadOnlyList<YamlNode> items, string what)
    {
        var read = new List<ResolvedKind>();
        var byIdentity = new Dictionary<string, ResolvedKind>(StringComparer.Ordinal);
        var byLabel = new Dictionary<string, ResolvedKind>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (kinds.Read(catalogue, item, what) is not { } kind) continue;
            if (byIdentity.TryGetValue(kind.Identity, out var same))
                errors.Add(item.Line, string.Equals(same.Label, kind.Label, StringComparison.Ordinal)
                    ? $"duplicate value in {what}: {kind.Label} (first on line {same.Line}); allowed: each value once"
                    : $"duplicate value in {what}: {kind.Label} is the same as {same.Label} (line {same.Line}); allowed: each value once");
            else if (byLabel.TryGetValue(Nfc.Normalize(kind.Label), out var other))
                errors.Add(item.Line,
                    $"duplicate name in {what}: {kind.Label} (first on line {other.Line}); allowed: each name once, as in {{kind: {kind.Json["kind"]}, name: "
                    + $"other}}");
            byIdentity.TryAdd(kind.Identity, kind);
            byLabel.TryAdd(Nfc.Normalize(kind.Label), kind);
            read.Add(kind);
        }

        return new ReadAxis(
            definition, node.Line, [.. read.Select(k => k.Json)], [.. read.Select(k => JsonValue.Create(k.Label))], [.. read.Select(k => k.Instance)])
        {
            Lines = [.. read.Select(k => k.Line)],
        };
    }

    private ReadAxis Scalars(AxisDefinition definition, YamlNode node, IReadOnlyList<YamlNode> items, string what)
    {
        var values = new List<JsonNode>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!ParameterReader.TryRead(definition.Key!.Parameter, item, what, errors, out var value)) continue;
            if (definition.Key.MultipleOf > 1 && value.GetValue<long>() % definition.Key.MultipleOf != 0)
            {
                errors.Add(item.Line, $"{what}: {ParameterReader.Show(item)}; allowed: a multiple of {definition.Key.MultipleOf}");
                continue;
            }

            var canonical = CanonicalJson.Write(value);
            if (!lines.TryAdd(canonical, item.Line))
                errors.Add(item.Line, $"duplicate value in {what}: {ParameterReader.Show(item)} (first on line {lines[canonical]}); allowed: each value once");
            values.Add(value);
        }

        return new ReadAxis(
            definition, node.Line, values, [.. values.Select(v => v is JsonValue ? v.DeepClone() : JsonValue.Create(CanonicalJson.Write(v)))], []);
    }
}
