using System.Text.Json.Nodes;
using Sweep.Grains.Specs.Expectations;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads <c>expect</c>.</summary>
internal sealed class ExpectationReader(SpecCatalogue catalogue, SpecErrors errors)
{
    /// <summary>The most expectations of a spec.</summary>
    public const int MaxExpectations = 500;

    private const int LongestClaim = 500;

    private const int MaxPlaces = 64;

    private SearchSpec? _search;

    private static readonly string[] Keys = ["claim", "where", "metric", "compare", "is", "over", "at", "along", "control"];

    /// <summary>The expectations with their lines; those that are wrong are left out, with errors reported.</summary>
    public IReadOnlyList<(ExpectationSpec Expectation, int Line)> Read(YamlEntry? entry, IReadOnlyList<ReadAxis> axes, int seeds, SearchSpec? search)
    {
        _search = search;
        // Wrong axes have been reported; guessing what they were meant to be would only add noise.
        if (entry is null || YamlScalars.IsNull(entry.Value) || errors.Any) return [];
        if (entry.Value is not YamlList list)
        {
            errors.Add(entry.Value.Line,
                $"expect: {ParameterReader.Show(entry.Value)}; allowed: a list of {{claim, where, metric, is}} or {{claim, where, metric, compare, is}}");
            return [];
        }

        if (list.Items.Count > MaxExpectations) errors.Add(entry.Line, $"expect: {list.Items.Count} expectations; allowed: at most {MaxExpectations}");
        if (seeds < 2 && list.Items.Count > 0) errors.Add(entry.Line, $"expect: {seeds} seed; allowed: at least 2 seeds, as one gives no interval to judge by");
        var read = new List<(ExpectationSpec, int)>();
        var claims = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(list.Items.Count, MaxExpectations); i++)
        {
            var item = list.Items[i];
            if (One(item, $"expect[{i}]", axes, seeds) is not { } expectation) continue;
            if (!claims.TryAdd(expectation.Claim, item.Line))
                errors.Add(item.Line,
                    $"expect[{i}].claim: {SpecWords.Show(expectation.Claim)} (first on line {claims[expectation.Claim]}); allowed: each claim once");
            read.Add((expectation, item.Line));
        }

        return read;
    }

    private ExpectationSpec? One(YamlNode item, string what, IReadOnlyList<ReadAxis> axes, int seeds)
    {
        if (item is not YamlMap map)
        {
            errors.Add(item.Line, $"{what}: {ParameterReader.Show(item)}; allowed: a mapping with claim, where, metric, compare and is");
            return null;
        }

        var before = errors.Count;
        foreach (var unknown in map.Entries.Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(unknown.Line, SpecWords.Unknown($"key in {what}", unknown.Key, Keys));
        var claim = Claim(map, what);
        var where = Where(map.Find("where"), what, axes);
        var at = At(map.Find("at"), what);
        var (metrics, axis, sides) = Sides(map, what, axes, at);
        if (axis is not null && where.FirstOrDefault(w => string.Equals(w.Key, axis, StringComparison.Ordinal)).Key is not null)
            errors.Add(map.Find("where")!.Line, $"{what}.where: {axis} is compared; allowed: the other axes");
        var condition = Condition(map, what, pair: map.Find("compare") is not null);
        var median = Median(map.Find("over"), what, seeds);
        var (along, doses) = Along(map, what, axes, [.. where.Select(w => w.Key), .. axis is null ? [] : new[] { axis }]);
        if (along is not null && at.Count > 0)
            errors.Add(map.Find("along")!.Line, $"{what}.along: given beside at; allowed: one of them");
        if (errors.Count != before) return null;
        var read = new ExpectationSpec
        {
            Claim = claim!,
            Where = [.. where.OrderBy(w => axes.TakeWhile(a => a.Definition.Name != w.Key).Count())],
            Metrics = metrics,
            Axis = axis,
            A = sides.ElementAtOrDefault(0),
            B = sides.ElementAtOrDefault(1),
            Is = condition!,
            Median = median,
            At = at,
            Along = along,
            Doses = doses,
        };
        var controls = new ControlReader(this, errors).Read(map.Find("control"), $"{what}.control", read, axes);
        return errors.Count != before ? null : read with { Controls = controls };
    }

    /// <summary>Steps or levels at which curves are read: at least 2, as one stands after an @.</summary>
    private List<double> At(YamlEntry? entry, string what)
    {
        const string Allowed = "2 to 64 numbers from 0, ascending: the steps or levels at which the claim is about the curve";
        if (entry is null) return [];
        var numbers = entry.Value is YamlList list ? list.Items.Select(Number).ToList() : [];
        if (numbers.Count is >= 2 and <= MaxPlaces && numbers.TrueForAll(n => n >= 0 && double.IsFinite(n)) && numbers.Zip(numbers.Skip(1))
            .All(p => p.First < p.Second))
            return numbers;
        errors.Add(entry.Value.Line, $"{what}.at: {ParameterReader.Show(entry.Value)}; allowed: {Allowed}");
        return [];
    }

    private static double Number(YamlNode node) => (node is YamlText text ? YamlScalars.Value(text) as JsonValue : null) switch
    {
        { } value when value.TryGetValue(out long integer) => integer,
        { } value when value.TryGetValue(out double real) => real,
        _ => double.NaN,
    };

    /// <summary>An axis that is neither compared nor restricted, with its values in the order in which they are gone through.</summary>
    private (string? Axis, IReadOnlyList<string> Doses) Along(YamlMap map, string what, IReadOnlyList<ReadAxis> axes, IReadOnlyList<string> taken)
    {
        if (map.Find("along") is not { } entry) return (null, []);
        if (entry.Value is not YamlMap { Entries: [var one] })
        {
            errors.Add(entry.Value.Line,
                $"{what}.along: {ParameterReader.Show(entry.Value)}; allowed: one axis with at least two of its values in order, as in "
                    + $"{{network.score_error: [0, 0.1, 0.4]}}");
            return (null, []);
        }

        if (Axis(one, $"axis in {what}.along", axes) is not { } axis || IsSearched(one, $"{what}.along")) return (null, []);
        if (taken.Contains(one.Key, StringComparer.Ordinal))
            errors.Add(one.Line, $"{what}.along: {one.Key} is in where or compare; allowed: another axis");
        var before = errors.Count;
        var doses = Labels(one.Value, $"{what}.along.{one.Key}", axis);
        if (doses.Count < 2 && errors.Count == before)
            errors.Add(one.Value.Line,
                $"{what}.along.{one.Key}: {string.Join(", ", doses.Select(SpecWords.Show))}; allowed: at least two values of "
                    + $"{string.Join(", ", axis.Labels.Select(ReadAxis.Text))}");
        return (one.Key, doses);
    }

    private string? Claim(YamlMap map, string what)
    {
        const string Allowed = "text of 1 to 500 printable characters";
        if (map.Find("claim") is not { } entry)
            errors.Add(map.Line, $"{what}: no claim; allowed: {Allowed}");
        else if (entry.Value is YamlText { Text.Length: > 0 and <= LongestClaim } text && !YamlScalars.IsNull(text)
            && string.Equals(SpecWords.Clean(text.Text), text.Text, StringComparison.Ordinal))
            return text.Text;
        else
            errors.Add(entry.Value.Line, $"{what}.claim: {ParameterReader.Show(entry.Value)}; allowed: {Allowed}");
        return null;
    }

    private List<KeyValuePair<string, IReadOnlyList<string>>> Where(YamlEntry? entry, string what, IReadOnlyList<ReadAxis> axes)
    {
        var where = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        if (entry is null || YamlScalars.IsNull(entry.Value)) return where;
        if (entry.Value is not YamlMap map)
        {
            errors.Add(entry.Value.Line, $"{what}.where: {ParameterReader.Show(entry.Value)}; allowed: a mapping from axes to a value or a list of values");
            return where;
        }

        foreach (var condition in map.Entries)
        {
            if (Axis(condition, $"axis in {what}.where", axes) is { } axis)
                where.Add(KeyValuePair.Create<string, IReadOnlyList<string>>(condition.Key, Labels(condition.Value, $"{what}.where.{condition.Key}", axis)));
        }

        return where;
    }

    /// <summary>What is measured, and the two sides of what is compared.</summary>
    private (IReadOnlyList<string> Metrics, string? Axis, IReadOnlyList<string> Sides) Sides(
        YamlMap map, string what, IReadOnlyList<ReadAxis> axes, IReadOnlyList<double> at)
    {
        var metric = map.Find("metric");
        if (map.Find("compare") is not { } compare)
        {
            if (metric is null) errors.Add(map.Line, $"{what}: no metric; allowed: {MetricCheck.Allowed(catalogue.Metrics)}");
            return (Metrics(metric?.Value, what + ".metric", at), null, []);
        }

        if (compare.Value is not YamlMap { Entries: [var one] })
        {
            errors.Add(compare.Value.Line,
                $"{what}.compare: {ParameterReader.Show(compare.Value)}; allowed: one axis with two of its values, as in {{preprocessing: [standardize, "
                + $"gaussianize]}}, or {{metric: [a, b]}}");
            return ([], null, []);
        }

        if (one.Key is "metric")
        {
            if (metric is not null) errors.Add(metric.Line, $"{what}.metric: given beside compare.metric; allowed: one of them");
            var both = Metrics(one.Value, what + ".compare.metric", at);
            if (both.Distinct(StringComparer.Ordinal).Count() != 2)
                errors.Add(one.Value.Line,
                    $"{what}.compare.metric: {string.Join(", ", both.Select(SpecWords.Show))}; allowed: two different metrics, a then b");
            return (both, null, []);
        }

        if (metric is null) errors.Add(map.Line, $"{what}: no metric; allowed: {MetricCheck.Allowed(catalogue.Metrics)}");
        var metrics = Metrics(metric?.Value, what + ".metric", at);
        if (Axis(one, $"axis in {what}.compare", axes) is not { } axis || IsSearched(one, $"{what}.compare")) return (metrics, null, []);
        if (axis.Values.Count < 2)
        {
            var varied = axes.Where(a => a.Values.Count > 1).Select(a => a.Definition.Name).ToList();
            errors.Add(one.Line,
                $"{what}.compare: {one.Key} has one value, {ReadAxis.Text(axis.Labels[0])}; allowed: "
                + $"{(varied.Count > 0 ? "an axis of several: " + string.Join(", ", varied) : "no comparison, as no axis has several values")}");
            return (metrics, null, []);
        }

        var before = errors.Count;
        var sides = Labels(one.Value, $"{what}.compare.{one.Key}", axis);
        if (sides.Count != 2 && errors.Count == before)
            errors.Add(one.Value.Line,
                $"{what}.compare.{one.Key}: {string.Join(", ", sides.Select(SpecWords.Show))}; allowed: two values, a then b, of "
                + $"{string.Join(", ", axis.Labels.Select(ReadAxis.Text))}");
        return (metrics, one.Key, sides);
    }

    /// <summary>One metric, or as many as a list has.</summary>
    /// <param name="at">Where curves are read: then these are curves, without an @.</param>
    internal List<string> Metrics(YamlNode? node, string what, IReadOnlyList<double> at)
    {
        var metrics = new List<string>();
        foreach (var item in node is YamlList list ? list.Items : node is null ? [] : [node])
        {
            var problem = item is not YamlText text ? $"{ParameterReader.Show(item)}; allowed: a metric's name"
                : at.Count == 0 ? MetricCheck.Unknown(text.Text, catalogue.Metrics)
                : MetricAddress.Of(text.Text).IsReadOff ? $"{SpecWords.Show(text.Text)} beside at; allowed: the curve, without @"
                : MetricCheck.Unknown(new MetricAddress(text.Text, at[0]).ToString(), catalogue.Metrics);
            if (problem is null) metrics.Add(MetricAddress.Of(((YamlText)item).Text).ToString());
            else errors.Add(item.Line, $"{what}: {problem}");
        }

        if (node is YamlList && !what.EndsWith("compare.metric", StringComparison.Ordinal))
            errors.Add(node.Line, $"{what}: a list; allowed: one metric, or two as compare: {{metric: [a, b]}}");
        return metrics;
    }

    private Condition? Condition(YamlMap map, string what, bool pair)
    {
        var forms = pair ? ConditionReader.PairForms : ConditionReader.SingleForms;
        if (map.Find("is") is not { } entry)
        {
            errors.Add(map.Line, $"{what}: no is; allowed: {forms}");
            return null;
        }

        var problem = "";
        if (entry.Value is YamlText text && ConditionReader.Read(text.Text, out problem) is { } condition)
        {
            if (condition.IsPair == pair) return condition;
            problem = pair ? "with compare it is about a and b" : "without compare there is no a and b";
        }

        errors.Add(entry.Value.Line, $"{what}.is: {ParameterReader.Show(entry.Value)}{(problem.Length > 0 ? $" ({problem})" : "")}; allowed: {forms}");
        return null;
    }

    private bool Median(YamlEntry? entry, string what, int seeds)
    {
        if (entry is null or { Value: YamlText { Text: "mean" } }) return false;
        if (entry.Value is not YamlText { Text: "median" })
            errors.Add(entry.Value.Line, $"{what}.over: {ParameterReader.Show(entry.Value)}; allowed: mean, median");
        else if (seeds < ExpectationSpec.MinSeedsForMedian)
            errors.Add(entry.Value.Line,
                $"{what}.over: median with {seeds} seeds; allowed: with at least {ExpectationSpec.MinSeedsForMedian}, as fewer give no 95% interval of a "
                + $"median");
        return true;
    }

    /// <summary>Reports an axis along which nothing is paired, as each group of a search has another value of every other axis too.</summary>
    internal bool IsSearched(YamlEntry axis, string what)
    {
        if (_search is null) return false;
        errors.Add(axis.Line,
            $"{what}: {axis.Key} is searched, so that no two groups differ in it alone; allowed: compare: {{metric: [a, b]}}, claims without compare, or no "
                + "search");
        return true;
    }

    internal ReadAxis? Axis(YamlEntry entry, string what, IReadOnlyList<ReadAxis> axes)
    {
        if (axes.FirstOrDefault(a => string.Equals(a.Definition.Name, entry.Key, StringComparison.Ordinal)) is { } axis) return axis;
        errors.Add(entry.Line, SpecWords.Unknown(what, entry.Key, axes.Select(a => a.Definition.Name)));
        return null;
    }

    internal List<string> Labels(YamlNode node, string what, ReadAxis axis)
    {
        var labels = axis.Labels.Select(ReadAxis.Text).ToList();
        var read = new List<string>();
        if (axis.Range is not null)
        {
            errors.Add(node.Line, $"{what}: {axis.Definition.Name} is a range, whose values are the search's; allowed: axes that are lists");
            return read;
        }

        var items = node is YamlList list ? list.Items : [node];
        if (items.Count == 0) errors.Add(node.Line, $"{what}: an empty list; allowed: {string.Join(", ", labels)}");
        foreach (var item in items)
        {
            if (axis.Find(item) is not { } label)
            {
                var offer = item is YamlText near ? SpecWords.Nearest(near.Text, labels) : null;
                errors.Add(item.Line,
                    $"{what}: {ParameterReader.Show(item)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {string.Join(", ", labels)}");
            }
            else if (read.Contains(label, StringComparer.Ordinal))
            {
                errors.Add(item.Line, $"duplicate value in {what}: {SpecWords.Show(label)}; allowed: each value once");
            }
            else
            {
                read.Add(label);
            }
        }

        return read;
    }
}
