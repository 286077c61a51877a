using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>diagnostics</c>: types and ranges. What other sections have to do with it is <see cref="DiagnosticsCheck"/>'s.</summary>
internal sealed class DiagnosticsReader(SpecErrors errors)
{
    /// <summary>The section with what it says, and the lines of its keys; null where it says nothing.</summary>
    public ReadDiagnostics? Read(YamlMap? map)
    {
        if (map is null) return null;
        var names = DiagnosticsSection.Keys.Select(k => k.Name).ToList();
        foreach (var entry in map.Entries.Where(e => !names.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown($"key in {DiagnosticsSection.Name}", entry.Key, names, AxisDefinition.Home(entry.Key)));

        var spec = new DiagnosticsSpec
        {
            ExplainedShare = References(map, DiagnosticsSection.ExplainedShare),
            ExplainedPath = References(map, DiagnosticsSection.ExplainedPath),
            SymmetryBreaking = Flag(map, DiagnosticsSection.SymmetryBreaking),
            TotalCorrelation = Flag(map, DiagnosticsSection.TotalCorrelation),
            PrincipalComponents = Flag(map, DiagnosticsSection.PrincipalComponents),
            Collapse = Flag(map, DiagnosticsSection.Collapse),
            DenoisingError = Flag(map, DiagnosticsSection.DenoisingError),
            Bifurcation = Flag(map, DiagnosticsSection.Bifurcation),
            ErrorDecomposition = Flag(map, DiagnosticsSection.ErrorDecomposition),
            Likelihood = Flag(map, DiagnosticsSection.Likelihood),
            ValidationLoss = Flag(map, DiagnosticsSection.ValidationLoss),
            Sigmas = Sigmas(map.Find(DiagnosticsSection.Sigmas.Name)),
            TrainingSteps = TrainingSteps(map.Find(DiagnosticsSection.TrainingSteps.Name)),
            MixtureComponents = Components(map.Find(DiagnosticsSection.MixtureComponents.Name)),
        };
        return spec == new DiagnosticsSpec() ? null : new ReadDiagnostics(spec, map);
    }

    private List<string>? References(YamlMap map, DiagnosticsKey key)
    {
        var what = $"diagnostics.{key.Name}";
        var read = Items(map.Find(key.Name), what, key, item =>
        {
            if (item is YamlText text && ReferenceName.Find(text.Text) is not null) return text.Text;
            var offer = item is YamlText word ? SpecWords.Nearest(word.Text, DiagnosticsSection.References) : null;
            errors.Add(item.Line,
                $"{what}: {ParameterReader.Show(item)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: "
                    + DiagnosticsSection.AllowedReferences);
            return null;
        });
        return read is { Count: > 0 } ? [.. ReferenceName.InOrder(read, DiagnosticsSection.References)] : null;
    }

    private bool? Flag(YamlMap map, DiagnosticsKey key)
    {
        if (map.Find(key.Name) is not { } entry) return null;
        return ParameterReader.TryRead(Parameter.Flag(key.Name, false, key.Summary), entry.Value, $"{DiagnosticsSection.Name}.{key.Name}", errors,
            out var value) && value.GetValue<bool>() ? true : null;
    }

    private List<double>? Sigmas(YamlEntry? entry)
    {
        var one = Parameter.Real("sigmas", 1, "", 0, minimumExclusive: true);
        var read = Items(entry, "diagnostics.sigmas", DiagnosticsSection.Sigmas, item => Value(one, item, "diagnostics.sigmas"));
        return read is { Count: > 0 } ? [.. read.Select(v => v.AsValue()).Select(v => ParameterReader.Number(v)!.Value).Order()] : null;
    }

    private List<int>? TrainingSteps(YamlEntry? entry)
    {
        var one = Parameter.Integer("training_steps", 1, 0, 10_000_000, "");
        var read = Items(entry, "diagnostics.training_steps", DiagnosticsSection.TrainingSteps, item => Value(one, item, "diagnostics.training_steps"));
        return read is { Count: > 0 } ? [.. read.Select(v => (int)v.GetValue<long>()).Order()] : null;
    }

    private int? Components(YamlEntry? entry)
    {
        if (entry is null) return null;
        var one = Parameter.Integer("mixture_components", DiagnosticsSpec.DefaultMixtureComponents, 1, DiagnosticsSection.MaxComponents, "");
        if (Value(one, entry.Value, "diagnostics.mixture_components") is not { } value) return null;
        var count = (int)value.GetValue<long>();
        return count == DiagnosticsSpec.DefaultMixtureComponents ? null : count;
    }

    private JsonNode? Value(Parameter parameter, YamlNode node, string what) =>
        ParameterReader.TryRead(parameter, node, what, errors, out var value) ? value : null;

    /// <summary>A list, or a single value as a list of one, each value once; null when it is silent or wrong.</summary>
    private List<T>? Items<T>(YamlEntry? entry, string what, DiagnosticsKey key, Func<YamlNode, T?> read)
        where T : class
    {
        if (entry is null) return null;
        if (entry.Value is YamlMap || YamlScalars.IsNull(entry.Value))
        {
            errors.Add(entry.Value.Line, $"{what}: {ParameterReader.ShowAsNumber(entry.Value)}; allowed: {key.Allowed}");
            return null;
        }

        var before = errors.Count;
        IReadOnlyList<YamlNode> items = entry.Value is YamlList list ? list.Items : [entry.Value];
        if (items.Count > DiagnosticsSection.MaxListed)
        {
            errors.Add(entry.Value.Line, $"{what}: {items.Count} values; allowed: {key.Allowed}");
            return null;
        }

        var values = new List<T>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (read(item) is not { } value) continue;
            var text = value is JsonNode node ? CanonicalJson.Write(node) : value.ToString()!;
            if (lines.TryAdd(text, item.Line)) values.Add(value);
            else errors.Add(item.Line, $"duplicate value in {what}: {text} (first on line {lines[text]}); allowed: each value once");
        }

        return errors.Count == before ? values : null;
    }
}
