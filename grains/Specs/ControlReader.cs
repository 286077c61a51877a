using Sweep.Grains.Specs.Expectations;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads an expectation's <c>control</c>: one mapping, or a list of them.</summary>
internal sealed class ControlReader(ExpectationReader expectations, SpecErrors errors)
{
    private const int MaxControls = 16;

    private static readonly string[] Keys = ["where", "metric", "compare", "claim_minus_control"];

    public IReadOnlyList<ControlSpec> Read(YamlEntry? entry, string what, ExpectationSpec claim, IReadOnlyList<ReadAxis> axes)
    {
        if (entry is null) return [];
        var items = entry.Value is YamlList list ? list.Items : [entry.Value];
        if (items.Count is 0 or > MaxControls) errors.Add(entry.Line, $"{what}: {items.Count} controls; allowed: 1 to {MaxControls}");
        var read = new List<ControlSpec>();
        for (var i = 0; i < Math.Min(items.Count, MaxControls); i++)
        {
            if (One(items[i], items.Count == 1 ? what : $"{what}[{i}]", claim, axes) is { } control) read.Add(control);
        }

        return read;
    }

    private ControlSpec? One(YamlNode item, string what, ExpectationSpec claim, IReadOnlyList<ReadAxis> axes)
    {
        if (item is not YamlMap map)
        {
            errors.Add(item.Line, $"{what}: {ParameterReader.Show(item)}; allowed: a mapping with what differs from the claim: where, metric or compare");
            return null;
        }

        var before = errors.Count;
        foreach (var unknown in map.Entries.Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(unknown.Line, SpecWords.Unknown($"key in {what}", unknown.Key, Keys));
        var where = Where(map.Find("where"), what, claim, axes);
        var (metrics, sides) = Sides(map, what, claim, axes);
        var control = new ControlSpec
        {
            Where = [.. where.OrderBy(w => axes.TakeWhile(a => a.Definition.Name != w.Key).Count())],
            Metrics = metrics,
            A = sides.ElementAtOrDefault(0),
            B = sides.ElementAtOrDefault(1),
            ClaimMinusControl = Difference(map.Find("claim_minus_control"), what, claim),
        };
        if (errors.Count == before && control.Name.Length == 0)
            errors.Add(map.Line, $"{what}: nothing differs from the claim; allowed: where, metric or compare");
        return errors.Count == before ? control : null;
    }

    private List<KeyValuePair<string, string>> Where(YamlEntry? entry, string what, ExpectationSpec claim, IReadOnlyList<ReadAxis> axes)
    {
        var where = new List<KeyValuePair<string, string>>();
        if (entry is null) return where;
        if (entry.Value is not YamlMap map)
        {
            errors.Add(entry.Value.Line, $"{what}.where: {ParameterReader.Show(entry.Value)}; allowed: a mapping from axes to a value");
            return where;
        }

        foreach (var condition in map.Entries)
        {
            if (expectations.Axis(condition, $"axis in {what}.where", axes) is not { } axis || expectations.IsSearched(condition, $"{what}.where")) continue;
            if (string.Equals(condition.Key, claim.Axis, StringComparison.Ordinal) || string.Equals(condition.Key, claim.Along, StringComparison.Ordinal))
                errors.Add(condition.Line, $"{what}.where: {condition.Key} is in the claim's compare or along; allowed: the other axes");
            var labels = expectations.Labels(condition.Value, $"{what}.where.{condition.Key}", axis);
            if (labels.Count > 1)
                errors.Add(condition.Line,
                    $"{what}.where.{condition.Key}: {labels.Count} values; allowed: one, as each group of the claim has one place to fail");
            if (labels.Count > 0) where.Add(KeyValuePair.Create(condition.Key, labels[0]));
        }

        return where;
    }

    private (IReadOnlyList<string>? Metrics, IReadOnlyList<string> Sides) Sides(YamlMap map, string what, ExpectationSpec claim, IReadOnlyList<ReadAxis> axes)
    {
        List<string>? metrics = null;
        if (map.Find("metric") is { } metric)
        {
            if (claim.Metrics.Count > 1) errors.Add(metric.Line, $"{what}.metric: the claim compares two metrics; allowed: compare: {{metric: [a, b]}}");
            metrics = expectations.Metrics(metric.Value, $"{what}.metric", claim.At);
        }

        if (map.Find("compare") is not { } compare) return (metrics, []);
        var allowed = claim.Axis ?? (claim.Metrics.Count > 1 ? "metric" : null);
        if (compare.Value is not YamlMap { Entries: [var one] } || !string.Equals(one.Key, allowed, StringComparison.Ordinal))
        {
            errors.Add(compare.Value.Line,
                $"{what}.compare: {ParameterReader.Show(compare.Value)}; allowed: "
                    + $"{(allowed is null ? "none, as the claim compares nothing" : $"two values of {allowed}, which the claim compares")}");
            return (metrics, []);
        }

        if (claim.Axis is null)
        {
            metrics = expectations.Metrics(one.Value, $"{what}.compare.metric", claim.At);
            if (metrics.Count != 2) errors.Add(one.Value.Line, $"{what}.compare.metric: {metrics.Count} metrics; allowed: two, a then b");
            return (metrics, []);
        }

        var before = errors.Count;
        var sides = expectations.Labels(one.Value, $"{what}.compare.{one.Key}",
            axes.First(a => string.Equals(a.Definition.Name, one.Key, StringComparison.Ordinal)));
        if (sides.Count != 2 && errors.Count == before) errors.Add(one.Value.Line, $"{what}.compare.{one.Key}: {sides.Count} values; allowed: two, a then b");
        return (metrics, sides);
    }

    private Condition? Difference(YamlEntry? entry, string what, ExpectationSpec claim)
    {
        if (entry is null) return null;
        if (claim.Along is not null) errors.Add(entry.Line, $"{what}.claim_minus_control: the claim is along an axis; allowed: a control without it");
        var problem = "";
        if (entry.Value is YamlText text && ConditionReader.Read(text.Text, out problem) is { IsPair: false } condition) return condition;
        errors.Add(entry.Value.Line,
            $"{what}.claim_minus_control: {ParameterReader.Show(entry.Value)}{(problem.Length > 0 ? $" ({problem})" : "")}; allowed: "
                + $"{ConditionReader.SingleForms}");
        return null;
    }
}
