using System.Text;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;

namespace Sweep.Grains.Specs;

/// <summary>
/// Enumerates a sweep's trials, lazily: the product of its axes in their order (dataset outermost, then preprocessing, schedule, width, variant, then dotted
/// axes as docs/spec.md lists them), or the points of its search, seeds innermost. The order and the ids depend on what a spec means alone, not on how it is
/// written down. What is tuned has after these the trials that tune it, as <see cref="TunePlan"/> numbers them.
/// </summary>
public static class TrialExpansion
{
    /// <summary>What stands for a tuned key's value as long as it isn't chosen.</summary>
    public const string NotChosen = "to be tuned";

    /// <summary>
    /// The trials that are compared, tuning's left out. As long as it has chosen nothing, those of a spec with <c>tune</c> have the first setting that it
    /// tries, and an id that no trial with a result has. Likewise those that an estimator is to suggest.
    /// </summary>
    public static IEnumerable<TrialSpec> Expand(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new Expansion(spec).Compared();
    }

    /// <summary>All trials: those compared, then those that tune, each at the place in this order that its number says.</summary>
    public static IEnumerable<TrialSpec> All(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Expansion expansion = new(spec);
        return expansion.Compared().Concat(expansion.Tuning());
    }

    /// <summary>One spec's parts, each made once.</summary>
    private sealed class Expansion
    {
        private readonly SweepSpec _spec;
        private readonly TunePlan? _plan;
        private readonly List<(string Name, JsonArray Values)> _axes;
        private readonly KindPart _preprocessing, _schedule;
        private readonly SectionPart<NetworkSpec> _network;
        private readonly SectionPart<TrainingSpec> _training;
        private readonly SectionPart<SamplingSpec> _sampling;
        private readonly GroupPart _group;
        private readonly DiagnosticsSpec? _diagnostics;
        private readonly string _diagnosticsIdentity, _threshold;

        public Expansion(SweepSpec spec)
        {
            (_spec, _plan) = (spec, TunePlan.Of(spec));
            var resolved = spec.Resolved;
            _axes = [.. resolved["axes"]!.AsObject().Select((a, i) => (Name: a.Key, Values: Values(a.Value!, spec, i)))];
            (_preprocessing, _schedule) = (Kinds("preprocessing"), Kinds("schedule"));
            _network = new SectionPart<NetworkSpec>(SpecSections.Network, resolved, _axes, spec.Tune);
            _training = new SectionPart<TrainingSpec>(SpecSections.Training, resolved, _axes, spec.Tune);
            _sampling = new SectionPart<SamplingSpec>(SpecSections.Sampling, resolved, _axes, spec.Tune);
            _group = new GroupPart(spec.Axes, spec.Tune);
            var diagnosticsJson = resolved[DiagnosticsSection.Name];
            _diagnostics = diagnosticsJson is null ? null : TrialSpecJson.Section<DiagnosticsSpec>(diagnosticsJson);
            _diagnosticsIdentity = diagnosticsJson is null ? "" : $",\"{DiagnosticsSection.Name}\":{CanonicalJson.WriteIdentity(diagnosticsJson)}";
            _threshold = CanonicalJson.Write(resolved["threshold_nats"]);
        }

        public IEnumerable<TrialSpec> Compared()
        {
            var datasets = Kinds("dataset", _plan is null ? null : RowSplit.HeldOut);
            var group = 0;
            foreach (var index in _spec.Places.All())
            {
                if (_plan is not { } plan)
                {
                    var trials = At(index, datasets, null, chosen: true);
                    foreach (var seed in _spec.Seeds) yield return trials(seed);
                }
                else
                {
                    for (var i = 0; i < _spec.Seeds.Count; i++)
                    {
                        var repeat = plan.RepeatOf(i);
                        var setting = plan.Setting(repeat, plan.ArmOf(group), _spec.Tuned?.Chosen[repeat][plan.ArmOf(group)] ?? 0);
                        yield return At(index, datasets, setting, chosen: _spec.Tuned is not null)(_spec.Seeds[i]);
                    }
                }

                group++;
            }
        }

        public IEnumerable<TrialSpec> Tuning()
        {
            if (_plan is not { } plan) yield break;
            var datasets = Kinds("dataset", RowSplit.Validation);
            for (var repeat = 0; repeat < plan.Tune.Repeats; repeat++)
            {
                long[] seeds = [.. plan.SeedsOf(repeat)];
                var group = 0;
                foreach (var index in _spec.Places.All())
                {
                    var arm = plan.ArmOf(group++);
                    for (var setting = 0; setting < plan.Tune.Trials; setting++)
                    {
                        var known = plan.IsKnown(repeat, arm, setting);
                        var trials = At(index, datasets, plan.Setting(repeat, arm, setting), chosen: known, tuning: true);
                        foreach (var seed in seeds) yield return trials(seed);
                    }
                }
            }
        }

        /// <summary>The trials of a place, by seed.</summary>
        /// <param name="datasets">With their rows split as the trials are to have them.</param>
        /// <param name="setting">Of the keys that are tuned; null where none is.</param>
        /// <param name="chosen">False where it only stands for the one that tuning will choose.</param>
        /// <param name="tuning">Whether settings are groups of their own.</param>
        private Func<long, TrialSpec> At(int[] index, KindPart datasets, IReadOnlyList<JsonNode>? setting, bool chosen, bool tuning = false)
        {
            var (dataset, preprocessing, schedule) = (datasets.At(index), _preprocessing.At(index), _schedule.At(index));
            var (n, t, s) = (_network.At(index, setting), _training.At(index, setting), _sampling.At(index, setting));
            var (point, key) = _group.At(index, setting, chosen, tuning);
            // The members of the identity in sorted order, as TrialIdentity.Of has them.
            var before = $"{{\"dataset\":{dataset.Identity}{_diagnosticsIdentity},\"network\":{n.Identity},\"preprocessing\":{preprocessing.Identity}"
                + $",\"sampling\":{s.Identity},\"schedule\":{schedule.Identity},\"seed\":";
            var after = $",\"threshold_nats\":{_threshold},\"training\":{t.Identity}}}{(chosen ? "" : NotChosen)}";
            return seed => new TrialSpec
            {
                Id = CanonicalJson.Hash(Encoding.UTF8.GetBytes($"{before}{seed}{after}")),
                Dataset = dataset.Kind,
                Preprocessing = preprocessing.Kind,
                Schedule = schedule.Kind,
                Network = n.Section,
                Training = t.Section,
                Sampling = s.Section,
                Diagnostics = _diagnostics,
                Seed = seed,
                ThresholdNats = _spec.ThresholdNats,
                StallAfter = _spec.Limits.Trial,
                Axes = point,
                Group = key,
            };
        }

        private KindPart Kinds(string axis, RowSplit? split = null) => new(
            _axes.FindIndex(x => Same(x.Name, axis)), _axes, split is { } rows ? kind => WithRows(kind, rows) : null);
    }

    /// <summary>A list's values; those that the search drew from a range.</summary>
    private static JsonArray Values(JsonNode listed, SweepSpec spec, int axis) =>
        listed as JsonArray ?? new JsonArray([.. spec.Axes[axis].Values.Select(v => v.DeepClone())]);

    /// <summary>A data set whose rows, where it has only so many, are split this way; any other as it is.</summary>
    private static JsonNode WithRows(JsonNode dataset, RowSplit split)
    {
        if (dataset["kind"]?.GetValue<string>() is not { } name || !DatasetKinds.Registry.TryGet(name, out var kind)
            || !kind.Parameters.Contains(FileDataset.SplitParameter)) return dataset;
        var changed = dataset.DeepClone().AsObject();
        changed["parameters"]![FileDataset.SplitParameter.Name] = FileDataset.NameOf(split);
        return changed;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    /// <summary>The kinds of an axis.</summary>
    /// <param name="change">What becomes of each; null leaves it as it is.</param>
    private sealed class KindPart(int axis, List<(string Name, JsonArray Values)> axes, Func<JsonNode, JsonNode>? change)
    {
        private readonly List<(KindSpec Kind, string Identity)> _values =
        [
            .. axes[axis].Values.Select(v => change is null ? v! : change(v!))
                .Select(v => (TrialSpecJson.Section<KindSpec>(v), CanonicalJson.WriteIdentity(v))),
        ];

        public (KindSpec Kind, string Identity) At(int[] index) => _values[index[axis]];
    }

    /// <summary>A section's values at each point, made once per combination of the axes that bear on it.</summary>
    private sealed class SectionPart<T>
        where T : class
    {
        private readonly SpecSection _section;
        private readonly JsonObject _fixed;
        private readonly List<(SpecKey Key, int Axis, JsonArray Values)> _varied;
        private readonly List<(string Key, int Place)> _tuned;
        private readonly int _variants;
        private readonly List<List<(string Name, JsonNode Value)>> _settings = [];
        private readonly Dictionary<string, (T Section, string Identity)> _made = new(StringComparer.Ordinal);

        public SectionPart(SpecSection section, JsonObject resolved, List<(string Name, JsonArray Values)> axes, TuneSpec? tune)
        {
            _section = section;
            _fixed = resolved[section.Name]!.AsObject();
            _varied = [];
            foreach (var definition in AxisDefinition.All.Where(a => ReferenceEquals(a.Section, section)))
            {
                var axis = axes.FindIndex(x => Same(x.Name, definition.Name));
                if (axis >= 0) _varied.Add((definition.Key!, axis, axes[axis].Values));
            }

            _tuned = [.. (tune?.Over ?? []).Select((key, place) => (key.Name, place))
                .Where(k => k.Name.StartsWith(section.Name + ".", StringComparison.Ordinal)).Select(k => (k.Name[(section.Name.Length + 1)..], k.place))];
            _variants = axes.FindIndex(x => Same(x.Name, AxisDefinition.Variant.Name));
            foreach (var variant in _variants < 0 ? [] : axes[_variants].Values)
            {
                _settings.Add([.. variant!["parameters"]!.AsObject()
                    .Where(p => p.Key.StartsWith(section.Name + ".", StringComparison.Ordinal))
                    .Select(p => (p.Key[(section.Name.Length + 1)..], p.Value!))]);
            }
        }

        public (T Section, string Identity) At(int[] index, IReadOnlyList<JsonNode>? setting)
        {
            // No number would hold the product of many ranges' values.
            var key = string.Join(',', _varied.Select(v => index[v.Axis]).Prepend(_variants < 0 ? 0 : index[_variants]));
            foreach (var (_, place) in _tuned) key += "," + CanonicalJson.Write(setting![place]);
            if (_made.TryGetValue(key, out var made)) return made;

            var json = _fixed.DeepClone().AsObject();
            foreach (var (name, value) in _variants < 0 ? [] : _settings[index[_variants]]) json[name] = value.DeepClone();
            foreach (var (name, axis, values) in _varied) json[name.Name] = values[index[axis]]!.DeepClone();
            foreach (var (name, place) in _tuned) json[name] = setting![place].DeepClone();
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

    /// <summary>A point's place on every axis, and what is tuned.</summary>
    private sealed class GroupPart(IReadOnlyList<SweepAxis> axes, TuneSpec? tune)
    {
        private readonly int[] _sorted = [.. Enumerable.Range(0, axes.Count).OrderBy(a => axes[a].Name, StringComparer.Ordinal)];
        private readonly string[][] _members =
            [.. axes.Select(a => a.Values.Select(v => CanonicalJson.Write(JsonValue.Create(a.Name)) + ":" + CanonicalJson.Write(v)).ToArray())];

        public (JsonObject Axes, string Group) At(int[] index, IReadOnlyList<JsonNode>? setting, bool chosen, bool tuning)
        {
            var point = new JsonObject();
            for (var a = 0; a < axes.Count; a++) point.Add(axes[a].Name, axes[a].Values[index[a]].DeepClone());
            var group = "{" + string.Join(',', _sorted.Select(a => _members[a][index[a]])) + "}";
            for (var k = 0; k < (setting?.Count ?? 0); k++)
                point.Add(tune!.Over[k].Name, chosen ? SweepSpecJson.Label(setting![k]) : JsonValue.Create(NotChosen));
            return (point, tuning ? CanonicalJson.Write(point) : group);
        }
    }
}
