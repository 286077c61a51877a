using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>A sweep of many trials, expanded from a spec like any other, and a result with the metrics and curves of a real one.</summary>
internal static class Samples
{
    public static (SweepSpec Spec, List<PlannedTrial> Trials) Sweep(string name, int trials)
    {
        string path = Path.Combine(Path.GetTempPath(), $"sweep-bench-{Environment.ProcessId}.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            sweep: {{name}}
            seeds: [{{string.Join(", ", Enumerable.Range(0, (trials + 9) / 10))}}]
            axes:
              dataset: [{kind: gmm-ring, name: ring8}]
              preprocessing: [standardize, gaussianize]
              schedule: vp-linear
              width: [8, 16, 32, 64, 128]
            training: {steps: 4000, batch: 256, points: 20000}
            sampling: {steps: 100, samples: 4096}
            """));
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        File.Delete(path);
        SweepSpec spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        return (spec, [.. TrialExpansion.Expand(spec).Take(trials).Select(TrialNeeds.Plan)]);
    }

    public static TrialResult Result() => new()
    {
        Metrics = new[]
        {
            "log_likelihood", "energy_distance", "sliced_wasserstein2", "mode_coverage", "mode_precision", "steps_to_threshold", "train_seconds",
            "sample_seconds",
        }.ToDictionary(name => name, name => new MetricValue(-1.25, -1.5, null), StringComparer.Ordinal),
        Curves = new[] { "log_likelihood", "log_likelihood_x0", "training_loss" }
            .ToDictionary(name => name, _ => Enumerable.Range(0, 101).Select(i => MathF.Sin(i)).ToArray(), StringComparer.Ordinal),
        Device = "cpu",
    };
}
