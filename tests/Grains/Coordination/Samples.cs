using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>Sweeps, trials and results for the coordinators' tests: valid, small, distinct.</summary>
internal static class Samples
{
    public static SweepSpec Sweep(string name, int steps = 4000) => new()
    {
        Name = name,
        Id = Hash($"sweep {name} {steps}"),
        Seeds = [0],
        Axes = [new SweepAxis("width", [JsonValue.Create(8)])],
        Compare = new CompareSpec { Axis = "width", Baseline = "8", Metric = "log_likelihood" },
        ThresholdNats = 1,
        Resolved = new JsonObject { ["sweep"] = name, ["training"] = new JsonObject { ["steps"] = steps, ["batch"] = 256 } },
        Source = $"sweep: {name}\n",
    };

    public static TrialSpec Trial(int number) => new()
    {
        Id = Hash($"trial {number}"),
        Dataset = new KindSpec { Kind = "gmm-ring", Name = "ring8", Parameters = new JsonObject { ["components"] = 8, ["radius"] = 4.0 } },
        Preprocessing = new KindSpec { Kind = "standardize", Name = "standardize", Parameters = [] },
        Schedule = new KindSpec { Kind = "vp-linear", Name = "vp-linear", Parameters = new JsonObject { ["beta_min"] = 0.1, ["beta_max"] = 20 } },
        Network = new NetworkSpec { Kind = "mlp", Width = 8, HiddenLayers = 3, Activation = "silu", TimeFeatures = 16 },
        Training = new TrainingSpec
        {
            Steps = 4000, Batch = 256, LearningRate = 1e-3, WarmupSteps = 100, Points = 20000, Parametrisation = "epsilon",
        },
        Sampling = new SamplingSpec
        {
            Sampler = new KindSpec { Kind = "ddim", Name = "ddim", Parameters = new JsonObject { ["eta"] = 0 } }, Steps = 100, Samples = 4096,
        },
        Seed = number,
        ThresholdNats = 1,
        Axes = new JsonObject { ["dataset"] = "ring8", ["width"] = 8 },
        Group = "ring8 · 8",
    };

    /// <summary>A spec as it is read from a file, and its trials.</summary>
    public static (SweepSpec Sweep, TrialSpec[] Trials) Real(
        string name = "real", string seeds = "2", string widths = "[8, 16]", string dataset = "ring", string preprocessing = "[none, standardize]",
        string more = "")
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path,
            $"sweep: {name}\nseeds: {seeds}\naxes:\n  dataset: [{{kind: gmm-ring, name: {dataset}}}]\n  preprocessing: {preprocessing}\n  width: "
            + $"{widths}\n{more}");
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        File.Delete(path);
        SweepSpec spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        return (spec, [.. TrialExpansion.All(spec)]);
    }

    /// <summary>Trials 0 to count-1, all of one cost: leased in spec order.</summary>
    public static PlannedTrial[] Trials(int count) => [.. Enumerable.Range(0, count).Select(i => new PlannedTrial(Trial(i), 1))];

    public static TrialResult Result(double value = -1.5) => new()
    {
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = new(value, -1.25),
            ["steps_to_threshold"] = new(null, null, "never"),
        },
        Curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = [-5, -2.5f, float.NaN, float.NegativeInfinity, -0f, float.Epsilon],
            ["training_loss"] = [],
        },
        Device = "cpu",
        Notes = ["FastICA did not converge", "\"<é漢>\""],
    };

    private static string Hash(string text) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture))))[..16];
}
