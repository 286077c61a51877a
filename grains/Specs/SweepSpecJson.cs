using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A spec back from the resolved JSON that a store keeps.</summary>
public static class SweepSpecJson
{
    /// <exception cref="JsonException">The text is not a resolved spec.</exception>
    public static SweepSpec Restore(string resolvedJson, string source)
    {
        JsonObject resolved = JsonNode.Parse(resolvedJson) as JsonObject ?? throw new JsonException("a resolved spec is not an object");
        (IReadOnlyList<SweepAxis> axes, SearchSpec? search, SweepPlaces? places) = Axes(resolved);
        SweepSpec spec = new()
        {
            Name = Member(resolved, "sweep").GetValue<string>(),
            Id = SweepIdentity.Of(resolved),
            Seeds = [.. Member(resolved, "seeds").AsArray().Select(s => s!.GetValue<long>())],
            Race = RaceReader.Read(resolved),
            Axes = axes,
            Search = search,
            Tune = TuneSpec.Read(resolved),
            Suggested = TunedSuggestions.Read(resolved),
            Tuned = TunedChoices.Read(resolved),
            Compare = new CompareSpec
            {
                Axis = Member(resolved, "compare", "axis").GetValue<string>(),
                Baseline = Member(resolved, "compare", "baseline").GetValue<string>(),
                Metric = Member(resolved, "compare", "metric").GetValue<string>(),
                Pareto = [.. (resolved["compare"]![CompareReader.Pareto]?.AsArray() ?? []).Select(m => m!.GetValue<string>())],
            },
            ThresholdNats = Member(resolved, "threshold_nats").GetValue<double>(),
            Limits = LimitsSection.Read(resolved),
            Expectations = ExpectationJson.Read(resolved[ExpectationJson.Key]),
            Withdrawn = ExpectationJson.Read(resolved[ExpectationJson.WithdrawnKey]),
            Looks = LookJson.Read(resolved),
            Resolved = resolved,
            Source = source,
        };
        return places is null ? spec : spec with { Places = places };
    }

    private static (IReadOnlyList<SweepAxis> Axes, SearchSpec? Search, SweepPlaces? Places) Axes(JsonObject resolved)
    {
        SweepAxis[] axes = [.. Member(resolved, "axes").AsObject().Select(a => a.Value is JsonArray values
            ? new SweepAxis(a.Key, [.. values.Select(v => Label(v!))])
            : new SweepAxis(a.Key, []) { Range = AxisRange.Read(a.Value!.AsObject(), AxisDefinition.All.First(d => d.Name == a.Key)) })];
        if (SearchSpec.Read(resolved) is not { } search)
            return (axes, null, null);
        SearchPoints points = SearchPoints.Of([.. axes.Select(a => new SearchAxis(a.Values.Count, a.Range))], search);
        axes = [.. axes.Zip(points.Values, (axis, values) => values is null ? axis : axis with { Values = values })];
        return (axes, search, SweepPlaces.Search(axes.Select(a => a.Values.Count), points.Places));
    }

    /// <summary>A kind's name, or the scalar itself.</summary>
    internal static JsonNode Label(JsonNode value) =>
        (value is JsonObject kind && CanonicalJson.IsResolvedKind(kind) ? kind["name"]! : value).DeepClone();

    private static JsonNode Member(JsonObject parent, params ReadOnlySpan<string> path)
    {
        JsonNode node = parent;
        foreach (string key in path)
            node = node[key] ?? throw new JsonException($"a resolved spec lacks {key}");
        return node;
    }
}
