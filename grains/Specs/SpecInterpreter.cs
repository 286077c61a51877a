using System.Numerics;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Makes a spec of a document. Used once.</summary>
internal sealed class SpecInterpreter
{
    private const int LongestName = 100;

    private static readonly Parameter Threshold =
        Parameter.Real("threshold_nats", 1, "distance from the truth level that counts as reached, nats", 0, minimumExclusive: true);

    private static readonly IReadOnlyList<string> TopKeys =
        ["sweep", "seeds", "axes", SearchSpec.Key, TuneSpec.Key, .. SpecSections.All.Select(s => s.Name), DiagnosticsSection.Name, "compare", RaceReader.Name,
            "threshold_nats", LimitsSection.Name, ExpectationJson.Key];

    private readonly SpecCatalogue _catalogue;
    private readonly SpecErrors _errors;
    private readonly string _source;
    private readonly AxisReader _axes;
    private readonly VariantReader _variants;
    private readonly TuneReader _tuning;

    public SpecInterpreter(SpecCatalogue catalogue, SpecErrors errors, string baseDirectory, string source)
    {
        _catalogue = catalogue;
        _errors = errors;
        _source = source;
        _axes = new AxisReader(catalogue, new KindReader(errors, baseDirectory), errors);
        _variants = new VariantReader(_axes, errors);
        _tuning = new TuneReader(_axes, errors);
    }

    /// <summary>The axes of the spec that was read.</summary>
    public IReadOnlyList<ReadAxis> Axes { get; private set; } = [];

    /// <summary>The spec; null, with errors reported, when something is wrong.</summary>
    public SweepSpec? Read(YamlNode root)
    {
        if (root is not YamlMap top)
        {
            _errors.Add(root.Line, $"the file is not a mapping: {ParameterReader.Show(root)}; allowed: a mapping with the keys {string.Join(", ", TopKeys)}");
            return null;
        }

        foreach (var entry in top.Entries.Where(e => !TopKeys.Contains(e.Key, StringComparer.Ordinal)))
            _errors.Add(entry.Line, SpecWords.Unknown("key", entry.Key, TopKeys, AxisDefinition.Home(entry.Key)));
        var name = Name(top);
        var seeds = SeedReader.Read(top.Find("seeds"), _errors);
        var race = Race(top, seeds);
        var threshold = JsonValue.Create(1.0) as JsonNode;
        if (top.Find("threshold_nats") is { } t && !ParameterReader.TryRead(Threshold, t.Value, "threshold_nats", _errors, out threshold)) threshold = null;
        var axesMap = Map(top, "axes", "the axes");
        var sections = SpecSections.All.ToDictionary(s => s.Name, s => Map(top, s.Name, "its keys"), StringComparer.Ordinal);
        ReportUnknown(axesMap, sections);
        var search = top.Find(SearchSpec.Key) is { } asked ? SearchReader.Read(asked, Map(top, SearchSpec.Key, SearchReader.Holds), _errors) : null;
        CountTrials(axesMap, top.Find("axes")?.Line ?? 1, seeds?.Count ?? 1, top.Find(SearchSpec.Key), search);

        var variants = axesMap?.Find("variant") is { } listed ? _variants.Read(listed.Value, axesMap) ?? [] : [];
        var axes = new List<ReadAxis>();
        foreach (var definition in AxisDefinition.All)
        {
            if (ReferenceEquals(definition, AxisDefinition.Variant))
            {
                if (variants.Count > 0)
                    axes.Add(new ReadAxis(definition, variants[0].Line, [.. variants.Select(x => x.Json)],
                        [.. variants.Select(x => JsonValue.Create(x.Name))], []));
            }
            else if (Axis(definition, top, axesMap, sections) is { } axis)
            {
                axes.Add(axis);
            }
        }

        var places = Places(top, search, axes);
        var tune = Tune(top, axes, sections, variants, seeds);
        var fixedKeys = FixedKeys(axes, axesMap, sections, [.. TuneReader.KeysOf(top.Find(TuneSpec.Key)?.Value as YamlMap)]);
        var diagnostics = new DiagnosticsReader(_errors).Read(Map(top, DiagnosticsSection.Name, "its keys"));
        if (axes.TrueForAll(a => a.Values.Count > 0) && (tune is not null || top.Find(TuneSpec.Key) is null))
            Check([.. axes, .. _tuning.Tuned], fixedKeys, variants, diagnostics);
        var comparing = new CompareReader(_catalogue, _errors);
        var compare = comparing.Read(Map(top, "compare", "axis, baseline and metric"), axes, search);
        if (tune is not null && compare is not null) tune = _tuning.Judged(tune, compare, (what, node) => comparing.Known(what, node, axes));
        var limits = LimitsSection.Read(Map(top, LimitsSection.Name, LimitsSection.Allowed), _errors);
        var expectations = new ExpectationReader(_catalogue, _errors).Read(top.Find(ExpectationJson.Key), axes, seeds?.Count ?? 0, search);
        if (race is not null && search is not null)
        {
            _errors.Add(top.Find("seeds")!.Line,
                $"seeds.{RaceReader.Looks}: beside a search, which has no pairs to judge; allowed: how many, or a list of seeds");
        }
        else if (race is not null && compare is not null && axes.First(a => a.Definition.Name == compare.Axis).Values.Count < 2)
        {
            _errors.Add(top.Find("seeds")!.Line,
                $"seeds.{RaceReader.Looks}: nothing is compared, as {compare.Axis} has one value; allowed: looks where compare.axis has several");
        }

        if (_errors.Any || compare is null) return null;
        Axes = axes;
        var spec = Build(name!, seeds!, race, axes, search, places, tune, fixedKeys, diagnostics?.Spec, threshold!, compare, limits,
            [.. expectations.Select(e => e.Expectation)]);
        var question = top.Find("compare")?.Value as YamlMap;
        int Line(string key) => question?.Find(key)?.Value.Line ?? 1;
        new ExpectationCheck(spec, axes, _errors).Report(expectations, Line("metric"), Line(CompareReader.Pareto), _tuning.MetricLine);
        return spec;
    }

    /// <summary>Whether the keys' values make sense together, in every variant.</summary>
    private void Check(List<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, IReadOnlyList<ReadVariant> variants, ReadDiagnostics? diagnostics)
    {
        _variants.ReportEqual(variants, fixedKeys);
        CapKeys(axes, fixedKeys);
        KeyConditionCheck.Report(axes, fixedKeys, variants, _errors);
        List<Dictionary<string, List<ReadKey>>> settings = variants.Count == 0 ? [fixedKeys] : [.. variants.Select(v => v.Over(fixedKeys))];
        ReferenceCheck.Report(axes, settings, _errors);
        foreach (var keys in settings)
        {
            if (variants.Count > 0) CapKeys(axes, keys);
            GridCheck.Report(axes, keys, _catalogue.Grids, _errors);
            NetworkCheck.Report(axes, keys, _catalogue.TorchMissing, _errors);
            TrainingDesignCheck.Report(axes, keys, _errors);
            DiagnosticsCheck.Report(diagnostics, axes, keys, _errors);
        }
    }

    /// <summary>What is tuned, but for what it is judged by; null, with errors reported where there should be some, where there is nothing.</summary>
    private TuneSpec? Tune(
        YamlMap top, List<ReadAxis> axes, Dictionary<string, YamlMap?> sections, IReadOnlyList<ReadVariant> variants, IReadOnlyList<long>? seeds)
    {
        if (top.Find(TuneSpec.Key) is not { } entry) return null;
        var map = Map(top, TuneSpec.Key, TuneReader.Holds);
        foreach (var (other, why) in new[]
        {
            (top.Find(SearchSpec.Key), "a search, whose settings differ in all axes at once"), (RaceReader.Is(top.Find("seeds")) ? top.Find("seeds") : null,
                $"seeds.{RaceReader.Looks}, as a race's looks are not planned with settings to come"),
        })
        {
            if (other is not null) _errors.Add(entry.Line, $"{TuneSpec.Key}: beside {why}; allowed: one of them");
        }

        // Where axes are wrong nothing can be said of what is tuned for them.
        if (_errors.Any) return null;
        var tune = _tuning.Read(
            entry, map, axes, definition => sections[definition.Section!.Name]?.Find(definition.Key!.Name)?.Line, variants, seeds);
        if (tune is null) return null;
        var groups = axes.Aggregate(1L, (n, a) => n * a.Values.Count);
        var trials = (groups * seeds!.Count) + TunePlan.CountOf(tune, groups);
        if (trials <= SpecReader.MaxTrials) return tune;
        _errors.Add(entry.Line,
            $"too many trials: {trials} = {groups} groups x ({seeds.Count} seeds + {tune.Trials} settings x {tune.Seeds.Count} seeds of {TuneSpec.Key}); "
            + $"allowed: at most {SpecReader.MaxTrials}");
        return null;
    }

    private RaceSpec? Race(YamlMap top, IReadOnlyList<long>? seeds)
    {
        var entry = top.Find("seeds");
        var looks = seeds is not null && entry?.Value is YamlMap map ? RaceReader.ReadLooks(map, _errors) : null;
        return RaceReader.Read(entry, looks, top.Find(RaceReader.Name), Map(top, RaceReader.Name, RaceReader.Holds), _errors);
    }

    private string? Name(YamlMap top)
    {
        const string Allowed = "a name of 1 to 100 printable characters without / and \\, not starting with a dot or a space";
        if (top.Find("sweep") is not { } entry)
        {
            _errors.Add(1, $"no key sweep; allowed: {Allowed}");
            return null;
        }

        // The name becomes a folder's.
        if (entry.Value is YamlText { Text: { Length: > 0 and <= LongestName } text } && !YamlScalars.IsNull(entry.Value)
            && text[0] is not ('.' or ' ') && text[^1] != ' ' && text.AsSpan().IndexOfAny('/', '\\') < 0
            && string.Equals(SpecWords.Clean(text), text, StringComparison.Ordinal))
        {
            return text;
        }

        _errors.Add(entry.Value.Line, $"sweep: {ParameterReader.Show(entry.Value)}; allowed: {Allowed}");
        return null;
    }

    private YamlMap? Map(YamlMap parent, string name, string holds)
    {
        if (parent.Find(name) is not { } entry || YamlScalars.IsNull(entry.Value)) return null;
        if (entry.Value is YamlMap map) return map;
        _errors.Add(entry.Value.Line, $"{name}: {ParameterReader.Show(entry.Value)}; allowed: a mapping with {holds}");
        return null;
    }

    private void ReportUnknown(YamlMap? axesMap, Dictionary<string, YamlMap?> sections)
    {
        var known = AxisDefinition.All.Select(a => a.Name).ToList();
        foreach (var entry in (axesMap?.Entries ?? []).Where(e => !known.Contains(e.Key, StringComparer.Ordinal)))
            _errors.Add(entry.Line,
                SpecWords.Unknown("axis", entry.Key, known, AxisDefinition.Home(entry.Key.Split('.')[^1])?.Replace("axes.", "", StringComparison.Ordinal)));
        foreach (var section in SpecSections.All)
        {
            var keys = section.Keys.Select(k => k.Name).ToList();
            foreach (var entry in (sections[section.Name]?.Entries ?? []).Where(e => !keys.Contains(e.Key, StringComparer.Ordinal)))
                _errors.Add(entry.Line, SpecWords.Unknown($"key in {section.Name}", entry.Key, keys, AxisDefinition.Home(entry.Key)));
        }
    }

    /// <summary>Draws the search's points; null, with errors reported where there should be some, where there are none.</summary>
    private SweepPlaces? Places(YamlMap top, SearchSpec? search, List<ReadAxis> axes)
    {
        if (top.Find(SearchSpec.Key) is not { } entry)
        {
            foreach (var range in axes.Where(a => a.Range is not null))
                _errors.Add(range.Line,
                    $"axes.{range.Definition.Name}: a range, and there is no search; allowed: beside search: {{groups: 64}}, or a list of values");
            return null;
        }

        // Points over axes of which some are wrong are none.
        return search is null || _errors.Any ? null : SearchReader.Plan(search, entry, axes, _errors);
    }

    /// <summary>Counts by the lists' lengths alone, before anything is read or expanded.</summary>
    private void CountTrials(YamlMap? axesMap, int line, int seeds, YamlEntry? searchEntry, SearchSpec? search)
    {
        if (searchEntry is not null)
        {
            if (search is not null && (long)search.Groups * seeds > SpecReader.MaxTrials)
                _errors.Add(searchEntry.Line,
                    $"too many trials: {(long)search.Groups * seeds} = {search.Groups} groups x {seeds} seeds; allowed: at most {SpecReader.MaxTrials}");
            return;
        }

        var counts = (axesMap?.Entries ?? []).Where(e => e.Value is YamlList { Items.Count: > 1 })
            .Select(e => (Name: SpecWords.Show(e.Key), ((YamlList)e.Value).Items.Count))
            .Append((Name: "seeds", Count: seeds))
            .ToList();
        var trials = counts.Aggregate(BigInteger.One, (n, c) => n * c.Count);
        if (trials > SpecReader.MaxTrials)
            _errors.Add(line,
                $"too many trials: {trials} = {string.Join(" x ", counts.Select(c => $"{c.Count} {c.Name}"))}; allowed: at most {SpecReader.MaxTrials}");
    }

    private ReadAxis? Axis(AxisDefinition definition, YamlMap top, YamlMap? axesMap, Dictionary<string, YamlMap?> sections)
    {
        var listed = axesMap?.Find(definition.Name);
        var inSection = definition.Section is { } section ? sections[section.Name]?.Find(definition.Key!.Name) : null;
        if (listed is not null && inSection is not null)
        {
            var place = $"{definition.Section!.Name}.{definition.Key!.Name}";
            _errors.Add(inSection.Line, $"given twice: {place}, and axes.{definition.Name} on line {listed.Line}; allowed: one of them");
            return null;
        }

        if (listed is not null) return _axes.Read(definition, listed.Value, "axes." + definition.Name);
        if (!definition.Always) return null;
        if (inSection is { Value: YamlList })
        {
            _errors.Add(inSection.Value.Line,
                $"{definition.Section!.Name}.{definition.Key!.Name}: a list; allowed: one value, or a list as axes.{definition.Name}");
            return null;
        }

        if (inSection is not null) return _axes.Read(definition, inSection.Value, $"{definition.Section!.Name}.{definition.Key!.Name}");
        if (definition.Key?.Parameter.DefaultValue is { } value) return new ReadAxis(definition, 1, [value.DeepClone()], [value.DeepClone()], []);
        if (definition.DefaultKind is { } kind) return _axes.Read(definition, new YamlText(1, kind, Plain: false), "axes." + definition.Name);
        // Axes that are no mapping have been reported.
        if (axesMap is null && top.Find("axes") is { } axes && !YamlScalars.IsNull(axes.Value)) return null;
        _errors.Add(top.Find("axes")?.Line ?? 1, $"no axes.{definition.Name}; allowed: {string.Join(", ", _catalogue.Of(definition.Seam!).Names)}");
        return null;
    }

    /// <summary>The sections' keys that are no axes and not tuned, by section and key in the table's order.</summary>
    private Dictionary<string, List<ReadKey>> FixedKeys(
        List<ReadAxis> axes, YamlMap? axesMap, Dictionary<string, YamlMap?> sections, string[] tuned)
    {
        var keys = SpecSections.All.ToDictionary(s => s.Name, _ => new List<ReadKey>(), StringComparer.Ordinal);
        foreach (var definition in AxisDefinition.All.Where(
            a => a.Key is { OwnAxis: false } && axesMap?.Find(a.Name) is null && !tuned.Contains(a.Name, StringComparer.Ordinal)))
        {
            var (section, key) = (definition.Section!, definition.Key!);
            if (sections[section.Name]?.Find(key.Name) is { } entry)
            {
                if (entry.Value is YamlList && key.Parameter.Kind != ParameterKind.Json)
                    _errors.Add(entry.Value.Line, $"{definition.Name}: a list; allowed: one value, or a list as axes.{definition.Name}");
                else if (_axes.Read(definition, entry.Value, definition.Name) is { } read)
                    keys[section.Name].Add(new ReadKey(key, entry.Line, read.Values, read.Instances, Written: true));
            }
            else if (key.Seam is not null)
            {
                var read = _axes.Read(definition, new YamlText(1, key.Parameter.DefaultValue!.GetValue<string>(), Plain: false), definition.Name);
                if (read is not null) keys[section.Name].Add(new ReadKey(key, 1, read.Values, read.Instances, Written: false));
            }
            else if (key.Parameter.DefaultValue is { } value)
            {
                keys[section.Name].Add(new ReadKey(key, 1, [value.DeepClone()], [], Written: false));
            }
        }

        return keys;
    }

    /// <summary>Lowers defaults to the keys that cap them; reports written values above.</summary>
    private void CapKeys(List<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys)
    {
        foreach (var section in SpecSections.All)
        {
            var all = ReadKey.OfSection(section, axes, fixedKeys);
            foreach (var key in all.Where(k => k.Key.CappedBy is not null))
            {
                if (all.Find(k => string.Equals(k.Key.Name, key.Key.CappedBy, StringComparison.Ordinal)) is not { } cap) continue;
                var (most, least) = (key.Values.Max(v => v.GetValue<long>()), cap.Values.Min(v => v.GetValue<long>()));
                if (most <= least) continue;
                if (key.Written)
                    _errors.Add(key.Line, $"{section.Name}.{key.Key.Name}: {most}; allowed: at most {section.Name}.{cap.Key.Name}, {least}");
                else if (cap.Values.Count == 1)
                    fixedKeys[section.Name][fixedKeys[section.Name].IndexOf(key)] = key with { Values = [JsonValue.Create(least)] };
            }
        }
    }

    private SweepSpec Build(
        string name, IReadOnlyList<long> seeds, RaceSpec? race, List<ReadAxis> axes, SearchSpec? search, SweepPlaces? places, TuneSpec? tune,
        Dictionary<string, List<ReadKey>> fixedKeys, DiagnosticsSpec? diagnostics, JsonNode threshold, CompareSpec compare, SweepLimits limits,
        IReadOnlyList<ExpectationSpec> expectations)
    {
        var axesJson = new JsonObject();
        foreach (var axis in axes)
            axesJson.Add(axis.Definition.Name, axis.Range is { } range ? range.Write() : new JsonArray([.. axis.Values.Select(v => v.DeepClone())]));
        var resolved = new JsonObject
        {
            ["sweep"] = name,
            ["seeds"] = new JsonArray([.. seeds.Select(s => JsonValue.Create(s))]),
            ["axes"] = axesJson,
        };
        SearchSpec.Write(resolved, search);
        TuneSpec.Write(resolved, tune);
        RaceReader.Write(resolved, race);
        foreach (var (section, keys) in fixedKeys)
        {
            // A sweep stored before a key joined must not look changed.
            var kept = keys.Where(k => !k.Key.LeftOut(k.Values[0]));
            resolved.Add(section, new JsonObject(kept.Select(k => KeyValuePair.Create<string, JsonNode?>(k.Key.Name, k.Values[0].DeepClone()))));
        }

        // A sweep stored before there were diagnostics must not look changed.
        if (diagnostics is not null) resolved.Add(DiagnosticsSection.Name, TrialSpecJson.ToJson(diagnostics));
        var question = new JsonObject { ["axis"] = compare.Axis, ["baseline"] = compare.Baseline, ["metric"] = compare.Metric };
        if (compare.Pareto.Count > 0) question.Add(CompareReader.Pareto, new JsonArray([.. compare.Pareto.Select(m => JsonValue.Create(m))]));
        resolved.Add("compare", question);
        resolved.Add("threshold_nats", threshold.DeepClone());
        LimitsSection.Write(resolved, limits);
        if (expectations.Count > 0) resolved.Add(ExpectationJson.Key, ExpectationJson.Write(expectations));

        var spec = new SweepSpec
        {
            Name = name,
            Id = SweepIdentity.Of(resolved),
            Seeds = seeds,
            Race = race,
            Axes = [.. axes.Select(a => new SweepAxis(a.Definition.Name, a.Labels) { Range = a.Range })],
            Search = search,
            Tune = tune,
            Compare = compare,
            ThresholdNats = threshold.GetValue<double>(),
            Limits = limits,
            Expectations = expectations,
            Resolved = resolved,
            Source = _source,
        };
        return places is null ? spec : spec with { Places = places };
    }
}
