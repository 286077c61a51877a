using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>tune</c>: first what it tries, which other keys are then checked with, and in the end what it is judged by.</summary>
internal sealed class TuneReader(AxisReader axisReader, SpecErrors errors)
{
    /// <summary>The largest whole number up to which JSON keeps every one exact.</summary>
    private const long LargestSeed = 9_007_199_254_740_991;

    private const string Over = "over", Per = "per", SeedsKey = "seeds", MetricKey = "metric";

    private static readonly Parameter
        Method = Parameter.Choice("method", TuneSpec.Sobol, [TuneSpec.Sobol, TuneSpec.Random, TuneSpec.Parzen], "where settings come from"),
        Batch = Parameter.Integer("batch", 4, 1, 10_000, "settings that an estimator suggests at a time"),
        Trials = Parameter.Integer("trials", 16, 2, 10_000, "settings that each arm tries"),
        Seed = Parameter.Integer("seed", 0, 0, LargestSeed, "of the sequence"),
        Repeats = Parameter.Integer("repeats", 1, 1, SpecReader.MaxTrials, "how often all of it is done");

    private readonly List<ReadAxis> _over = [];
    private YamlMap? _map;
    private int _line;

    /// <summary>In the order in which docs/tuning.md has them; those of no parameter have words of their own.</summary>
    public static IReadOnlyList<Parameter> Keys { get; } = [Method, Batch, Trials, Seed, Repeats];

    /// <summary>Its keys.</summary>
    public static IReadOnlyList<string> Names { get; } = [Over, Per, Method.Name, Batch.Name, Trials.Name, SeedsKey, MetricKey, Seed.Name, Repeats.Name];

    /// <summary>What the mapping may hold, in words.</summary>
    public static string Holds => $"{string.Join(", ", Names.SkipLast(1))} or {Names[^1]}";

    /// <summary>The keys that it sets, as axes with every value that some trial has; empty where it is wrong or there is none.</summary>
    public IReadOnlyList<ReadAxis> Tuned => _over;

    /// <summary>The keys in <c>over</c>, whether they are right or not.</summary>
    public static IEnumerable<string> KeysOf(YamlMap? tune) => (tune?.Find(Over)?.Value as YamlMap)?.Entries.Select(e => e.Key) ?? [];

    /// <summary>All but what it is judged by; null, with errors reported, where it is wrong.</summary>
    /// <param name="entry">The key.</param>
    /// <param name="map">Its mapping; null where it is none.</param>
    /// <param name="axes">The spec's.</param>
    /// <param name="written">Where a section has a key; null where it hasn't.</param>
    /// <param name="variants">Of the axis of that name.</param>
    /// <param name="seeds">The spec's; null where they are wrong.</param>
    public TuneSpec? Read(
        YamlEntry entry, YamlMap? map, IReadOnlyList<ReadAxis> axes, Func<AxisDefinition, int?> written, IReadOnlyList<ReadVariant> variants,
        IReadOnlyList<long>? seeds)
    {
        int before = errors.Count;
        (_map, _line) = (map, entry.Line);
        if (YamlScalars.IsNull(entry.Value))
            errors.Add(entry.Line, $"{TuneSpec.Key}: nothing in it; allowed: {Holds}");
        foreach (YamlEntry other in (map?.Entries ?? []).Where(e => !Names.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(other.Line, SpecWords.Unknown($"key in {TuneSpec.Key}", other.Key, Names));
        if (map is null)
            return null;
        JsonNode method = Value(Method), batch = Value(Batch), trials = Value(Trials), seed = Value(Seed), repeats = Value(Repeats);
        List<ReadAxis> over = ReadOver(map, axes, written, variants);
        List<string> per = ReadPer(map, axes);
        List<long> own = ReadSeeds(map, seeds);
        bool suggests = method.GetValue<string>() == TuneSpec.Parzen;
        if (!suggests && map.Find(Batch.Name) is { } given)
            errors.Add(given.Line, $"{TuneSpec.Key}.{Batch.Name}: beside method {method.GetValue<string>()}; allowed: only with method: {TuneSpec.Parzen}");
        if (errors.Count > before || seeds is null)
            return null;
        TuneSpec tune = new()
        {
            Over = [.. over.Select(a => new TunedKey(a.Definition.Name, a.Values, a.Range))], Per = per, Method = method.GetValue<string>(),
            Trials = trials.GetValue<int>(), Seed = seed.GetValue<long>(), Seeds = own, Metric = "", Repeats = repeats.GetValue<int>(),
            Batch = suggests ? batch.GetValue<int>() : 0,
        };
        if (!HasSettings(tune) || !Divides(tune, seeds.Count) || !HasRows(axes))
            return null;
        HashSet<string>[] met = [.. over.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        List<JsonNode>[] values = [.. over.Select(_ => new List<JsonNode>())];
        foreach (IReadOnlyList<JsonNode> setting in Enumerable.Range(0, tune.Repeats).SelectMany(r => TunePlan.SettingsOf(tune, r)))
        {
            for (int key = 0; key < over.Count; key++)
            {
                if (met[key].Add(CanonicalJson.Write(setting[key])))
                    values[key].Add(setting[key]);
            }
        }

        // What is suggested may be anything of a range.
        for (int key = 0; key < over.Count; key++)
        {
            if (suggests && over[key].Range is { } range)
                values[key].AddRange([range.At(0), range.At(1)]);
        }

        _over.AddRange(over.Select((axis, key) => axis.Range is null ? axis : axis with { Values = values[key], Labels = values[key] }));
        return tune;
    }

    /// <summary>The whole of it; null, with errors reported, where it is wrong.</summary>
    /// <param name="tune">As <see cref="Read"/> has it.</param>
    /// <param name="compare">What is compared.</param>
    /// <param name="metric">Reads a metric of the spec's data sets: what errors call it, and the entry.</param>
    public TuneSpec? Judged(TuneSpec tune, CompareSpec compare, Func<string, YamlNode, string?> metric)
    {
        if (!tune.Per.Contains(compare.Axis, StringComparer.Ordinal))
        {
            errors.Add(_map!.Find(Per)?.Value.Line ?? _line,
                $"{TuneSpec.Key}.{Per}: without {compare.Axis}, whose values are compared; allowed: with it, so that each has a setting of its own");
            return null;
        }

        string? judged = _map!.Find(MetricKey) is { } entry ? metric($"{TuneSpec.Key}.{MetricKey}", entry.Value) : compare.Metric;
        if (judged is null)
            return null;
        if (MetricCatalog.Info(judged).Better is not MetricCatalog.Unknown)
            return tune with { Metric = judged };
        errors.Add(MetricLine, $"{TuneSpec.Key}.{MetricKey}: of {judged} it isn't known which way is better; allowed: a metric of which it is");
        return null;
    }

    /// <summary>Where the metric stands, or would.</summary>
    public int MetricLine => _map?.Find(MetricKey)?.Value.Line ?? _line;

    private JsonNode Value(Parameter parameter) => JsonNode.Parse((_map?.Find(parameter.Name) is { } given
        && ParameterReader.TryRead(parameter, given.Value, $"{TuneSpec.Key}.{parameter.Name}", errors, out JsonNode value)
            ? value : parameter.DefaultValue!).ToJsonString())!;

    private List<ReadAxis> ReadOver(
        YamlMap map, IReadOnlyList<ReadAxis> axes, Func<AxisDefinition, int?> written, IReadOnlyList<ReadVariant> variants)
    {
        const string Example = "keys of network, training and sampling with ranges or lists, as {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}";
        if (map.Find(Over) is not { Value: YamlMap { Entries: { Count: > 0 } entries } })
        {
            YamlEntry? given = map.Find(Over);
            errors.Add(given?.Value.Line ?? _line,
                given is null ? $"no {TuneSpec.Key}.{Over}; allowed: {Example}"
                    : $"{TuneSpec.Key}.{Over}: {ParameterReader.Show(given.Value)}; allowed: {Example}");
            return [];
        }

        string[] known = [.. AxisDefinition.All.Where(a => a.Key is { OwnAxis: false }).Select(a => a.Name)];
        List<ReadAxis> read = [];
        foreach (YamlEntry entry in entries)
        {
            string what = $"{TuneSpec.Key}.{Over}.{SpecWords.Show(entry.Key)}";
            if (AxisDefinition.All.FirstOrDefault(a => a.Key is { OwnAxis: false } && a.Name == entry.Key) is not { } definition)
                errors.Add(entry.Line, SpecWords.Unknown($"key in {TuneSpec.Key}.{Over}", entry.Key, known, AxisDefinition.Home(entry.Key.Split('.')[^1])));
            else if (axes.FirstOrDefault(a => a.Definition.Name == entry.Key) is { } axis)
                errors.Add(entry.Line, $"{what}: it is an axis too, on line {axis.Line}; allowed: one of them");
            else if (written(definition) is { } line)
                errors.Add(entry.Line, $"given twice: {entry.Key} on line {line}, and {what}; allowed: one of them");
            else if (variants.FirstOrDefault(v => v.Json["parameters"]?[entry.Key] is not null) is { } variant)
                errors.Add(entry.Line, $"{what}: variant {SpecWords.Clean(variant.Name)} sets it; allowed: a key that no variant sets");
            else if (axisReader.Read(definition, entry.Value, what) is { } values)
            {
                if (values.Range is null && values.Values.Count < 2)
                    errors.Add(entry.Line, $"{what}: one value; allowed: a range, or a list of several values");
                else
                    read.Add(values);
            }
        }

        return [.. read.OrderBy(a => AxisDefinition.All.TakeWhile(d => !ReferenceEquals(d, a.Definition)).Count())];
    }

    private List<string> ReadPer(YamlMap map, IReadOnlyList<ReadAxis> axes)
    {
        string[] varying = [.. axes.Where(a => a.Values.Count > 1).Select(a => a.Definition.Name)];
        if (map.Find(Per) is not { } entry)
            return [.. varying];
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (YamlNode item in entry.Value is YamlList list ? list.Items : [entry.Value])
        {
            if (item is not YamlText text || !varying.Contains(text.Text, StringComparer.Ordinal))
            {
                string shown = item is YamlText { Text: var one } && axes.Any(a => a.Definition.Name == one) ? $"{one}, which doesn't vary"
                    : ParameterReader.Show(item);
                string allowed = varying.Length == 0 ? "nothing, as no axis varies" : string.Join(", ", varying);
                errors.Add(item.Line, $"{TuneSpec.Key}.{Per}: {shown}; allowed: {allowed}");
            }
            else if (!named.Add(text.Text))
            {
                errors.Add(item.Line, $"{TuneSpec.Key}.{Per}: {text.Text} twice; allowed: each axis once");
            }
        }

        // Scores of different data are on different scales, and the hardest would decide for all.
        if (varying.Contains("dataset", StringComparer.Ordinal) && !named.Contains("dataset"))
            errors.Add(entry.Value.Line, $"{TuneSpec.Key}.{Per}: without dataset, which varies; allowed: with it, as scores of different data have no mean");
        return [.. varying.Where(named.Contains)];
    }

    private List<long> ReadSeeds(YamlMap map, IReadOnlyList<long>? seeds)
    {
        const string Allowed = "a list of seeds that are none of the sweep's, as [1000, 1001]";
        if (map.Find(SeedsKey) is not { } entry)
        {
            errors.Add(_line, $"no {TuneSpec.Key}.{SeedsKey}; allowed: {Allowed}");
            return [];
        }

        // A count stands for the first ones, which are the sweep's own.
        if (entry.Value is not YamlList list)
        {
            errors.Add(entry.Value.Line, $"{TuneSpec.Key}.{SeedsKey}: {ParameterReader.Show(entry.Value)}; allowed: {Allowed}");
            return [];
        }

        IReadOnlyList<long> own = SeedReader.Read(list, $"{TuneSpec.Key}.{SeedsKey}", errors) ?? [];
        long[] both = [.. own.Intersect(seeds ?? [])];
        if (both.Length > 0)
            errors.Add(list.Line, $"{TuneSpec.Key}.{SeedsKey}: {string.Join(", ", both)} among the sweep's seeds; allowed: seeds that confirm nothing");
        return [.. own];
    }

    private bool HasSettings(TuneSpec tune)
    {
        if (tune.Method != TuneSpec.Random && tune.Over.Count > SearchPoints.MaxSobolAxes)
        {
            errors.Add(_line,
                $"{TuneSpec.Key}.{Method.Name}: {tune.Method} over {tune.Over.Count} keys; allowed: at most "
                    + $"{SearchPoints.MaxSobolAxes}, or {TuneSpec.Random}");
            return false;
        }

        int fewest = Enumerable.Range(0, tune.Repeats).Min(r => TunePlan.SettingsOf(tune, r).Count);
        if (fewest == tune.Trials)
            return true;
        errors.Add(_map!.Find(Trials.Name)?.Value.Line ?? _line,
            $"{TuneSpec.Key}.{Trials.Name}: {tune.Trials}, and there are {fewest} different settings; allowed: at most {fewest}, "
                + "or more values to choose from");
        return false;
    }

    private bool Divides(TuneSpec tune, int seeds)
    {
        if (tune.Repeats != 1 && tune.Repeats != seeds)
        {
            errors.Add(_map!.Find(Repeats.Name)!.Value.Line,
                $"{TuneSpec.Key}.{Repeats.Name}: {tune.Repeats}; allowed: 1, or {seeds} as the sweep has seeds, so that each confirms a tuning of its own");
            return false;
        }

        if (tune.Seeds.Count % tune.Repeats == 0)
            return true;
        errors.Add(_map!.Find(SeedsKey)!.Value.Line,
            $"{TuneSpec.Key}.{SeedsKey}: {tune.Seeds.Count} for {tune.Repeats} repeats; allowed: as many for each, {tune.Repeats} or {2 * tune.Repeats} or …");
        return false;
    }

    /// <summary>Finite data must have rows to choose by beside those held out.</summary>
    private bool HasRows(IReadOnlyList<ReadAxis> axes)
    {
        int before = errors.Count;
        ReadAxis datasets = axes.First(a => a.Definition.Name == "dataset");
        for (int i = 0; i < datasets.Instances.Count; i++)
        {
            if (datasets.Instances[i] is not FileDataset file)
                continue;
            string name = $"dataset {SpecWords.Clean(ReadAxis.Text(datasets.Labels[i]))}";
            if (file.Split == RowSplit.Validation)
                errors.Add(datasets.Lines[i], $"{name}: split: validation beside {TuneSpec.Key}, which tunes on such rows by itself; allowed: no split");
            else if (!file.MayHoldOutTwice)
            {
                errors.Add(datasets.Lines[i],
                    $"{name}: {file.DistinctRowCount} distinct rows, of which {file.DistinctRowCount - file.HeldOutRowCount} aren't held out for test; "
                    + $"allowed: at least {FileDataset.MinRowsToHoldOut} of them beside {TuneSpec.Key}");
            }
        }

        return errors.Count == before;
    }
}
