using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>
/// A spec of a single trial, to reproduce its result: axis values moved into their sections, all defaults explicit. In JSON, which is valid YAML.
/// </summary>
internal static class TrialSpecFile
{
    private static readonly string[] Kinds = ["dataset", "preprocessing", "schedule"];

    public static string Of(SweepSpec sweep, TrialSpec trial) => Tree(sweep, trial).ToJsonString();

    /// <summary>The same as a tree.</summary>
    public static JsonObject Tree(SweepSpec sweep, TrialSpec trial)
    {
        JsonObject resolved = JsonNode.Parse(TrialSpecJson.Write(trial))!.AsObject();
        var axes = new JsonObject();
        foreach (string kind in Kinds)
            axes[kind] = new JsonArray(Flat(resolved[kind]!.DeepClone()));
        JsonNode? width = trial.Axes["width"]?.DeepClone();
        if (width is not null)
            axes["width"] = new JsonArray(width);
        var spec = new JsonObject
        {
            ["sweep"] = $"trial-{trial.Id}",
            ["seeds"] = new JsonArray(trial.Seed),
            ["axes"] = axes,
        };
        foreach (string section in new[] { "network", "training", "sampling" })
        {
            JsonObject values = resolved[section]!.DeepClone().AsObject();
            if (section == "network")
                values.Remove("width");
            foreach ((string key, JsonNode? value) in values.ToList())
                values[key] = value is null ? null : Flat(value.DeepClone());
            spec[section] = values;
        }

        if (sweep.Resolved["diagnostics"] is { } diagnostics)
            spec["diagnostics"] = diagnostics.DeepClone();
        spec["threshold_nats"] = trial.ThresholdNats;

        // The only arm is also the baseline.
        spec["compare"] = new JsonObject { ["axis"] = "preprocessing", ["baseline"] = trial.Preprocessing.Name, ["metric"] = sweep.Compare.Metric };
        return spec;
    }

    /// <summary>A resolved kind in spec form: parameters next to the name, without members that only a resolved kind has.</summary>
    private static JsonNode Flat(JsonNode value)
    {
        if (value is not JsonObject kind || kind["parameters"] is not JsonObject parameters)
            return value;
        JsonObject flat = [];
        foreach (string name in new[] { "kind", "name" })
            flat[name] = kind[name]?.DeepClone();
        foreach ((string name, JsonNode? parameter) in parameters)
        {
            if (name != "sha256")
                flat[name] = parameter?.DeepClone();
        }

        return flat;
    }
}
