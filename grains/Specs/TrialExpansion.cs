using System.Text;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// Enumerates a sweep's trials, lazily: the product of its axes in their order (dataset outermost, then preprocessing, schedule, width, variant, then dotted
/// axes as docs/spec.md lists them), or the points of its search, seeds innermost. The order and the ids depend on what a spec means alone, not on how it is
/// written down.
/// </summary>
public static class TrialExpansion
{
    public static IEnumerable<TrialSpec> Expand(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Enumerate(spec);
    }

    private static IEnumerable<TrialSpec> Enumerate(SweepSpec spec)
    {
        var resolved = spec.Resolved;
        var axes = resolved["axes"]!.AsObject().Select((a, i) => (Name: a.Key, Values: Values(a.Value!, spec, i))).ToList();
        var kinds = AxisDefinition.All.Where(a => a is { Key: null, Seam: not null })
            .ToDictionary(a => a.Name, a => new KindPart(axes.FindIndex(x => Same(x.Name, a.Name)), axes), StringComparer.Ordinal);
        var network = new SectionPart<NetworkSpec>(SpecSections.Network, resolved, axes);
        var training = new SectionPart<TrainingSpec>(SpecSections.Training, resolved, axes);
        var sampling = new SectionPart<SamplingSpec>(SpecSections.Sampling, resolved, axes);
        var group = new GroupPart(spec.Axes);
        var diagnosticsJson = resolved[DiagnosticsSection.Name];
        var diagnostics = diagnosticsJson is null ? null : TrialSpecJson.Section<DiagnosticsSpec>(diagnosticsJson);
        var diagnosticsIdentity = diagnosticsJson is null ? "" : $",\"{DiagnosticsSection.Name}\":{CanonicalJson.WriteIdentity(diagnosticsJson)}";
        var threshold = CanonicalJson.Write(resolved["threshold_nats"]);

        foreach (var index in spec.Places.All())
        {
            var (dataset, preprocessing, schedule) = (kinds["dataset"].At(index), kinds["preprocessing"].At(index), kinds["schedule"].At(index));
            var (n, t, s) = (network.At(index), training.At(index), sampling.At(index));
            var (point, key) = group.At(index);
            // The members of the identity in sorted order, as TrialIdentity.Of has them.
            var before = $"{{\"dataset\":{dataset.Identity}{diagnosticsIdentity},\"network\":{n.Identity},\"preprocessing\":{preprocessing.Identity}"
                + $",\"sampling\":{s.Identity},\"schedule\":{schedule.Identity},\"seed\":";
            var after = $",\"threshold_nats\":{threshold},\"training\":{t.Identity}}}";
            foreach (var seed in spec.Seeds)
            {
                yield return new TrialSpec
                {
                    Id = CanonicalJson.Hash(Encoding.UTF8.GetBytes($"{before}{seed}{after}")),
                    Dataset = dataset.Kind,
                    Preprocessing = preprocessing.Kind,
                    Schedule = schedule.Kind,
                    Network = n.Section,
                    Training = t.Section,
                    Sampling = s.Section,
                    Diagnostics = diagnostics,
                    Seed = seed,
                    ThresholdNats = spec.ThresholdNats,
                    StallAfter = spec.Limits.Trial,
                    Axes = point,
                    Group = key,
                };
            }
        }
    }

    /// <summary>A list's values; those that the search drew from a range.</summary>
    private static JsonArray Values(JsonNode listed, SweepSpec spec, int axis) =>
        listed as JsonArray ?? new JsonArray([.. spec.Axes[axis].Values.Select(v => v.DeepClone())]);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    /// <summary>The kinds of an axis.</summary>
    private sealed class KindPart(int axis, List<(string Name, JsonArray Values)> axes)
    {
        private readonly List<(KindSpec Kind, string Identity)> _values =
            [.. axes[axis].Values.Select(v => (TrialSpecJson.Section<KindSpec>(v!), CanonicalJson.WriteIdentity(v)))];

        public (KindSpec Kind, string Identity) At(int[] index) => _values[index[axis]];
    }

    /// <summary>A section's values at each point, made once per combination of the axes that bear on it.</summary>
    private sealed class SectionPart<T>
        where T : class
    {
        private readonly SpecSection _section;
        private readonly JsonObject _fixed;
        private readonly List<(SpecKey Key, int Axis, JsonArray Values)> _varied;
        private readonly int _variants;
        private readonly List<List<(string Name, JsonNode Value)>> _settings = [];
        private readonly Dictionary<string, (T Section, string Identity)> _made = new(StringComparer.Ordinal);

        public SectionPart(SpecSection section, JsonObject resolved, List<(string Name, JsonArray Values)> axes)
        {
            _section = section;
            _fixed = resolved[section.Name]!.AsObject();
            _varied = [];
            foreach (var definition in AxisDefinition.All.Where(a => ReferenceEquals(a.Section, section)))
            {
                var axis = axes.FindIndex(x => Same(x.Name, definition.Name));
                if (axis >= 0) _varied.Add((definition.Key!, axis, axes[axis].Values));
            }

            _variants = axes.FindIndex(x => Same(x.Name, AxisDefinition.Variant.Name));
            foreach (var variant in _variants < 0 ? [] : axes[_variants].Values)
            {
                _settings.Add([.. variant!["parameters"]!.AsObject()
                    .Where(p => p.Key.StartsWith(section.Name + ".", StringComparison.Ordinal))
                    .Select(p => (p.Key[(section.Name.Length + 1)..], p.Value!))]);
            }
        }

        public (T Section, string Identity) At(int[] index)
        {
            // No number would hold the product of many ranges' values.
            var key = string.Join(',', _varied.Select(v => index[v.Axis]).Prepend(_variants < 0 ? 0 : index[_variants]));
            if (_made.TryGetValue(key, out var made)) return made;

            var json = _fixed.DeepClone().AsObject();
            foreach (var (name, value) in _variants < 0 ? [] : _settings[index[_variants]]) json[name] = value.DeepClone();
            foreach (var (name, axis, values) in _varied) json[name.Name] = values[index[axis]]!.DeepClone();
            foreach (var capped in _section.Keys.Where(k => k.CappedBy is not null))
            {
                var (value, cap) = (Whole(json, capped.Name), Whole(json, capped.CappedBy!));
                if (value > cap) json[capped.Name] = cap;
            }

            LeaveOut(json);
            return _made[key] = (TrialSpecJson.Section<T>(json), CanonicalJson.WriteIdentity(json));
        }

        private void LeaveOut(JsonObject json)
        {
            var idle = _section.Keys.Where(k => k.OnlyWith is { } condition && !condition.Holds(json[condition.Key])).ToList();
            foreach (var key in _section.Keys.Where(k => idle.Contains(k) || k.LeftOut(json[k.Name]))) json.Remove(key.Name);
        }

        private static long Whole(JsonObject json, string key) => json[key]!.GetValue<long>();
    }

    /// <summary>A point's place on every axis.</summary>
    private sealed class GroupPart(IReadOnlyList<SweepAxis> axes)
    {
        private readonly int[] _sorted = [.. Enumerable.Range(0, axes.Count).OrderBy(a => axes[a].Name, StringComparer.Ordinal)];
        private readonly string[][] _members =
            [.. axes.Select(a => a.Values.Select(v => CanonicalJson.Write(JsonValue.Create(a.Name)) + ":" + CanonicalJson.Write(v)).ToArray())];

        public (JsonObject Axes, string Group) At(int[] index)
        {
            var point = new JsonObject();
            for (var a = 0; a < axes.Count; a++) point.Add(axes[a].Name, axes[a].Values[index[a]].DeepClone());
            return (point, "{" + string.Join(',', _sorted.Select(a => _members[a][index[a]])) + "}");
        }
    }
}
