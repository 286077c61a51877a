using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>Says how two resolved specs differ, for whoever resumes a sweep with a changed one.</summary>
public static class SpecDifference
{
    private const string Absent = "(absent)";

    /// <summary>
    /// One line per changed value, in the first spec's order: <c>training.steps: 4000 → 8000</c>. Kinds of an axis are matched by name
    /// (<c>axes.dataset.ica4.dimensions: 4 → 6</c>). A file's path is not a difference while its content is the same. Empty when nothing differs.
    /// </summary>
    public static IReadOnlyList<string> Between(JsonObject a, JsonObject b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var lines = new List<string>();
        Objects("", SweepIdentity.Plan(a), SweepIdentity.Plan(b), lines);
        return lines;
    }

    /// <summary>
    /// Whether two resolved specs judge the same question: axis, metric and baseline, under whatever name the baseline goes, at the same looks of a race, and
    /// tuned alike. A front is shown, not judged.
    /// </summary>
    public static bool ComparesAlike(JsonObject a, JsonObject b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return string.Equals(Question(a), Question(b), StringComparison.Ordinal);
    }

    private static string Question(JsonObject resolved)
    {
        var compare = (JsonObject)(resolved["compare"]?.DeepClone() ?? new JsonObject());
        compare.Remove(CompareReader.Pareto);
        if (compare["axis"] is JsonValue axis && resolved["axes"]?[axis.GetValue<string>()] is JsonArray values)
            compare["baseline"] = CanonicalJson.WriteIdentity(
                values.FirstOrDefault(v => string.Equals(Show(v), Show(compare["baseline"]), StringComparison.Ordinal)) ?? compare["baseline"]);
        if (resolved[RaceReader.Name] is { } race) compare[RaceReader.Name] = race.DeepClone();
        if (resolved[TuneSpec.Key] is { } tune) compare[TuneSpec.Key] = tune.DeepClone();
        return CanonicalJson.Write(compare);
    }

    private static void Nodes(string path, JsonNode? a, JsonNode? b, List<string> lines)
    {
        if (a is JsonObject x && b is JsonObject y)
        {
            Objects(path, x, y, lines);
            return;
        }

        if (a is JsonArray p && b is JsonArray q && Named(p) is { } before && Named(q) is { } after)
        {
            if (before.Keys.SequenceEqual(after.Keys, StringComparer.Ordinal))
            {
                foreach (var (name, kind) in before) Objects($"{path}.{name}", kind, after[name], lines);
                return;
            }

            lines.Add($"{path}: [{string.Join(", ", before.Keys)}] → [{string.Join(", ", after.Keys)}]");
            foreach (var (name, kind) in before)
            {
                if (after.TryGetValue(name, out var other)) Objects($"{path}.{name}", kind, other, lines);
            }

            return;
        }

        var (left, right) = (Show(a), Show(b));
        if (!string.Equals(left, right, StringComparison.Ordinal)) lines.Add($"{path}: {left} → {right}");
    }

    private static void Objects(string path, JsonObject a, JsonObject b, List<string> lines)
    {
        var samePlace = CanonicalJson.IsHashedFile(a) && CanonicalJson.IsHashedFile(b);
        foreach (var key in a.Select(p => p.Key).Concat(b.Select(p => p.Key).Where(k => !a.ContainsKey(k))))
        {
            if (samePlace && key is "path") continue;
            // A kind's parameters are written beside its name in a spec.
            var inner = key is "parameters" && (CanonicalJson.IsResolvedKind(a) || CanonicalJson.IsResolvedKind(b)) ? path : path.Length == 0
                ? key : $"{path}.{key}";
            Nodes(inner, a[key], b[key], lines);
        }
    }

    /// <summary>A list of kinds by name; null for any other list.</summary>
    private static OrderedDictionary<string, JsonObject>? Named(JsonArray list)
    {
        var named = new OrderedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (item is not JsonObject kind || !CanonicalJson.IsResolvedKind(kind) || !named.TryAdd(kind["name"]!.GetValue<string>(), kind)) return null;
        }

        return named;
    }

    private static string Show(JsonNode? node) => node switch
    {
        null => Absent,
        JsonArray list => $"[{string.Join(", ", list.Select(Show))}]",
        JsonObject value when CanonicalJson.IsResolvedKind(value) => value["name"]!.GetValue<string>(),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => value.GetValue<string>(),
        _ => CanonicalJson.Write(node),
    };
}
