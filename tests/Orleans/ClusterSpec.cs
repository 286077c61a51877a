using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Orleans;

/// <summary>A small sweep with everything that comparisons look at, and results made up from a trial's place: no two alike.</summary>
internal static class ClusterSpec
{
    public static SweepSpec Spec()
    {
        using var scratch = new Client.Scratch();
        scratch.Write("spec.yaml", """
            sweep: live
            seeds: 3
            axes:
              dataset: [{kind: gmm-ring, name: ring8}, {kind: gmm-grid, name: grid9}]
              preprocessing: [standardize, whiten, gaussianize]
              schedule: vp-linear
              width: [8, 16]
              training.points: [500, 1000]
            training: {steps: 100, batch: 64}
            sampling: {steps: 30, samples: 64}
            compare: {axis: preprocessing, baseline: standardize, metric: log_likelihood}
            """);
        SpecReading reading = SpecReader.Read(Path.Combine(scratch.Path, "spec.yaml"), SpecCatalogue.Default);
        return reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }

    public static TrialSpec[] Trials(SweepSpec spec) => [.. TrialExpansion.Expand(spec)];

    /// <param name="ordinal">The trial's.</param>
    public static TrialResult Result(int ordinal)
    {
        // What a preprocessing brings, and a seed's noise around it.
        double noise = Math.Sin(ordinal * 12.9898) * 0.2;
        double end = -2 + (ordinal / 12 % 3 * 0.3) + noise;
        return new TrialResult
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = new(end, -1.25),
                ["energy_distance"] = new(0.1 + (noise * noise), 0.01),
                ["sliced_wasserstein2"] = new(0.2 - (noise / 3), 0.02),
                ["train_seconds"] = new(1 + noise, null),
            },
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = [.. Enumerable.Range(0, 31).Select(i => (float)(-10 + ((10 + end) * i / 30) + (noise * (30 - i) / 30)))],
                ["training_loss"] = [1, 0.5f],
            },
            Device = "cpu",
        };
    }
}
