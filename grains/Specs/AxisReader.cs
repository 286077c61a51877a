using System.Text.Json.Nodes;
using Sweep.Diffusion.Text;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads an axis' list of values, or the one value that stands for a list of one.</summary>
internal sealed class AxisReader(SpecCatalogue catalogue, KindReader kinds, SpecErrors errors)
{
    /// <summary>Reads the values; null, with errors reported, when some are wrong.</summary>
    /// <param name="what">What errors call it: <c>axes.width</c>, <c>sampling.sampler</c>.</param>
    public ReadAxis? Read(AxisDefinition definition, YamlNode node, string what)
    {
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
