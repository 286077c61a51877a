using System.Text;
using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// What makes two trials the same: kinds with their parameters, network, training, sampling, diagnostics that were asked for, seed and threshold, as canonical
/// JSON. Labels, axes, limits and paths have no part in it; a file's content hash has.
/// </summary>
public static class TrialIdentity
{
    /// <summary>The id of a trial, from what it is made of: what <see cref="TrialSpec.Id"/> must be.</summary>
    public static string Of(TrialSpec trial) => Hash(Identity(trial));

    /// <summary>What a trial's setting is made of, as JSON: all that <see cref="Setting"/> is the id of.</summary>
    internal static JsonObject Members(TrialSpec trial)
    {
        var json = JsonNode.Parse(CanonicalJson.WriteIdentity(Identity(trial)))!.AsObject();
        json.Remove("seed");
        return json;
    }

    private static JsonObject Identity(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var json = TrialSpecJson.ToJson(trial);
        json.Remove("id");
        json.Remove("axes");
        json.Remove("group");
        json.Remove("stall_after");
        return json;
    }

    private static string Hash(JsonObject json) => CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.WriteIdentity(json)));

    /// <summary>What trials have in common that differ in their seed alone, whatever the sweep and its axes: the id of their setting.</summary>
    public static string Setting(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Of(trial with { Seed = 0 });
    }

    /// <summary>
    /// What determines a trial's network: trials that differ in sampling or threshold alone have it in common. The number of samples has a part in it because
    /// the dataset's points are drawn together, and the diagnostics because some look at the network while it trains.
    /// </summary>
    public static string Training(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.WriteIdentity(new JsonObject
        {
            ["dataset"] = TrialSpecJson.ToJson(trial.Dataset),
            ["preprocessing"] = TrialSpecJson.ToJson(trial.Preprocessing),
            ["schedule"] = TrialSpecJson.ToJson(trial.Schedule),
            ["network"] = TrialSpecJson.ToJson(trial.Network),
            ["training"] = TrialSpecJson.ToJson(trial.Training),
            ["diagnostics"] = trial.Diagnostics is { } diagnostics ? TrialSpecJson.ToJson(diagnostics) : null,
            ["samples"] = trial.Sampling.Samples,
            ["seed"] = trial.Seed,
        })));
    }

    /// <summary>
    /// What determines a trial's fitted preprocessing: trials of any sweep that agree in it have it in common. Numbers of points and samples have a part in it
    /// because they are drawn together.
    /// </summary>
    public static string Fit(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.WriteIdentity(new JsonObject
        {
            ["dataset"] = TrialSpecJson.ToJson(trial.Dataset),
            ["preprocessing"] = TrialSpecJson.ToJson(trial.Preprocessing),
            ["points"] = trial.Training.Points,
            ["samples"] = trial.Sampling.Samples,
            ["seed"] = trial.Seed,
        })));
    }

    /// <summary>The group of a point: its axes, canonical.</summary>
    public static string Group(JsonObject axes) => CanonicalJson.Write(axes);
}
