using System.Text.Json.Nodes;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>Trials as JSON for <c>--json</c>: snake_case, non-finite curve values as null.</summary>
internal static class TrialJson
{
    public static JsonObject Summary(TrialSummary summary)
    {
        var json = new JsonObject
        {
            ["id"] = summary.Trial.Id,
            ["state"] = summary.State.ToString().ToLowerInvariant(),
            ["axes"] = summary.Trial.Axes.DeepClone(),
            ["seed"] = summary.Trial.Seed,
            ["attempts"] = summary.Attempts,
            ["failures_charged"] = summary.Failures,
            ["losses_in_a_row"] = summary.Losses,
        };
        if (summary.Phase is not null)
            json["phase"] = summary.Phase;
        if (summary.Fraction is not null)
            json["fraction"] = summary.Fraction;
        if (summary.Silo is not null)
            json["silo"] = summary.Silo;
        if (summary.Message is not null)
            json["message"] = summary.Message;
        if (summary.Damage is not null)
            json["damage"] = summary.Damage;
        if (summary.Metrics is not null)
            json["metrics"] = Metrics(summary.Metrics);
        return json;
    }

    public static JsonObject Detail(TrialDetail detail, IEnumerable<RequestRecord> requests)
    {
        JsonObject json = Summary(detail.Summary);
        json["spec"] = JsonNode.Parse(TrialSpecJson.Write(detail.Summary.Trial));
        json["attempt_history"] = new JsonArray([.. detail.Attempts.Select(a => new JsonObject
        {
            ["attempt"] = a.Attempt,
            ["silo"] = a.Silo,
            ["outcome"] = a.Outcome.ToString().ToLowerInvariant(),
            ["started"] = a.Started,
            ["ended"] = a.Ended,
            ["message"] = a.Message,
            ["charged"] = a.Charged,
            ["artifacts"] = a.Artifacts,
        })]);
        json["requests"] = new JsonArray([.. requests.Select(r => new JsonObject
        {
            ["verb"] = RequestWords.Verb(r), ["who"] = r.Who, ["asked"] = r.Asked, ["done"] = r.Done, ["count"] = r.Count, ["refused"] = r.Refused,
        })]);
        if (detail.Result is { } result)
        {
            json["device"] = result.Device;
            json["notes"] = new JsonArray([.. result.Notes.Select(n => JsonValue.Create(n))]);
            json["curves"] = new JsonObject(result.Curves.Select(c => KeyValuePair.Create<string, JsonNode?>(
                c.Key, new JsonArray([.. c.Value.Select(v => float.IsFinite(v) ? JsonValue.Create(v) : null)]))));

            // A damaged curve has no places.
            json["curve_axes"] = new JsonObject(result.Curves.Where(c => CurveAxis.KindOf(c.Key) != CurveAxis.ReverseStep)
                .Select(c => (c.Key, Axis: CurveAxis.TryOf(c.Key, detail.Summary.Trial, c.Value.Length, out _))).Where(c => c.Axis is not null)
                .Select(c => KeyValuePair.Create<string, JsonNode?>(
                    c.Key, new JsonObject { ["x_kind"] = c.Axis!.Kind, ["x"] = new JsonArray([.. c.Axis.X.Select(x => JsonValue.Create(x))]) })));
        }

        return json;
    }

    private static JsonObject Metrics(IReadOnlyDictionary<string, MetricValue> metrics) =>
        new(metrics.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, Metric(m.Value))));

    private static JsonObject Metric(MetricValue metric)
    {
        var json = new JsonObject { ["value"] = metric.Value };
        if (metric.TruthLevel is not null)
            json["truth_level"] = metric.TruthLevel;
        if (metric.Reason is not null)
            json["reason"] = metric.Reason;
        return json;
    }
}
