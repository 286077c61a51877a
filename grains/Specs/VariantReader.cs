using Sweep.Diffusion.Text;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads the axis <c>variant</c>: a list of <c>{name: …, SECTION.KEY: value, …}</c>.</summary>
internal sealed class VariantReader(AxisReader axes, SpecErrors errors)
{
    private const string What = "axes.variant";
    private const string Allowed = "a list of {name: …, SECTION.KEY: value}";

    private static readonly List<AxisDefinition> Settable = [.. AxisDefinition.All.Where(a => a.Key is { OwnAxis: false })];

    /// <summary>The variants; null, with errors reported, when something is wrong with them.</summary>
    /// <param name="node">The axis' value.</param>
    /// <param name="axesMap">All axes: what a variant sets can't be one.</param>
    public IReadOnlyList<ReadVariant>? Read(YamlNode node, YamlMap axesMap)
    {
        var before = errors.Count;
        if (node is not YamlList { Items.Count: > 0 } list)
        {
            errors.Add(node.Line, $"{What}: {ParameterReader.Show(node)}; allowed: {Allowed}");
            return null;
        }

        var variants = new List<ReadVariant>();
        foreach (var item in list.Items)
        {
            if (Variant(item, axesMap) is not { } variant) continue;
            if (variants.Find(v => Nfc.Same(v.Name, variant.Name)) is { } other)
                errors.Add(item.Line, $"duplicate name in {What}: {SpecWords.Show(variant.Name)} (first on line {other.Line}); allowed: each name once");
            variants.Add(variant);
        }

        return errors.Count == before ? variants : null;
    }

    /// <summary>Variants whose trials would be one and the same.</summary>
    public void ReportEqual(IReadOnlyList<ReadVariant> variants, Dictionary<string, List<ReadKey>> fixedKeys)
    {
        var seen = new Dictionary<string, ReadVariant>(StringComparer.Ordinal);
        foreach (var variant in variants)
        {
            if (!seen.TryAdd(variant.Identity(fixedKeys), variant))
                errors.Add(variant.Line,
                    $"duplicate value in {What}: {SpecWords.Show(variant.Name)} comes to the same as "
                    + $"{SpecWords.Show(seen[variant.Identity(fixedKeys)].Name)}; allowed: each setting once");
        }
    }

    private ReadVariant? Variant(YamlNode node, YamlMap axesMap)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Line, $"{What}: {ParameterReader.Show(node)}; allowed: {Allowed}");
            return null;
        }

        if (map.Find("name") is not { Value: YamlText name } || YamlScalars.IsNull(name) || string.IsNullOrWhiteSpace(name.Text))
        {
            errors.Add(map.Line, $"{What}: a variant without a name; allowed: {Allowed}");
            return null;
        }

        var what = $"{What} {SpecWords.Show(name.Text)}";
        var keys = new List<(SpecSection Section, ReadKey Key)>();
        foreach (var entry in map.Entries.Where(e => e.Key is not "name"))
        {
            if (Settable.Find(a => string.Equals(a.Name, entry.Key, StringComparison.Ordinal)) is not { } definition)
            {
                errors.Add(entry.Line, SpecWords.Unknown($"key in {what}", entry.Key, Settable.Select(a => a.Name), AxisDefinition.Home(entry.Key)));
                continue;
            }

            if (axesMap.Find(entry.Key) is { } axis)
                errors.Add(entry.Line, $"given twice: {entry.Key} in {what}, and axes.{entry.Key} on line {axis.Line}; allowed: one of them");
            else if (entry.Value is YamlList && definition.Key!.Parameter.Kind != Diffusion.Kinds.ParameterKind.Json)
                errors.Add(entry.Value.Line, $"{what}, {entry.Key}: a list; allowed: one value");
            else if (axes.Read(definition, entry.Value, $"{what}, {entry.Key}") is { } read)
                keys.Add((definition.Section!, new ReadKey(definition.Key!, entry.Line, read.Values, read.Instances, Written: true)));
        }

        return new ReadVariant(SpecWords.Clean(name.Text), map.Line, keys);
    }
}
