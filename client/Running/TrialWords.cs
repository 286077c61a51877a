using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Client.Terminal;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>A trial in a few words.</summary>
internal static class TrialWords
{
    /// <summary><c>ica4 gaussianize vp-linear width 16 seed 0</c>.</summary>
    public static string Of(TrialSpec trial) => $"{Axes(trial)} seed {trial.Seed}";

    /// <summary>An axis' value.</summary>
    public static string Value(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null";

    public static string Axes(TrialSpec trial, bool withDataset = true)
    {
        List<string> words = [];
        foreach ((string axis, JsonNode? value) in trial.Axes)
        {
            string text = Value(value);
            if (axis is "preprocessing" or "schedule" || (axis is "dataset" && withDataset))
                words.Add(text);
            else if (axis is not "dataset")
                words.Add($"{axis.Split('.')[^1]} {text}");
        }

        return Words.Clean(string.Join(' ', words));
    }
}
