using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A finished sweep whose report is too large for a page: 216 groups of two seeds.</summary>
internal static class ManyGroups
{
    public const int Groups = LiveReport.MaxWholeGroups + 16, Completed = 2 * Groups;

    private const string Yaml = """
        sweep: many-groups
        seeds: 2
        axes:
          dataset: [{kind: gmm-ring, name: ring8}]
          schedule: [vp-linear]
          preprocessing: [standardize, whiten, gaussianize]
          width: [8, 16, 32, 64, 128, 256]
          training.learning_rate: [1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4, 7e-4, 8e-4, 9e-4, 1e-3, 2e-3, 3e-3]
        training: {steps: 100, points: 1000}
        sampling: {steps: 40, samples: 64}
        compare: {axis: preprocessing, baseline: standardize, metric: log_likelihood}
        """;

    /// <summary>Submits it and completes its trials: gaussianized ones are better by 1 nat, wider ones a little.</summary>
    public static async Task<SweepSpec> RunAsync(ICoordinator coordinator)
    {
        string path = Path.Combine(Path.GetTempPath(), $"sweep-many-{Environment.ProcessId}-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(path, Yaml);
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        File.Delete(path);
        SweepSpec spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        await coordinator.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, 1)), CancellationToken.None);
        while (await coordinator.LeaseAsync(new LeaseRequest("a", 100), CancellationToken.None) is { Count: > 0 } leases)
        {
            foreach (Lease lease in leases)
                await coordinator.CompleteAsync(lease, Result(lease.Trial), CancellationToken.None);
        }

        return spec;
    }

    private static TrialResult Result(TrialSpec trial)
    {
        double value = -3 - (2.0 / trial.Network.Width) + (0.01 * trial.Seed) + (trial.Preprocessing.Name == "gaussianize" ? 1 : 0);
        return new TrialResult
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["log_likelihood"] = new(value, -2),
                ["energy_distance"] = new(-value / 10, 0.1) },
            Curves = new Dictionary<string, float[]>(
                StringComparer.Ordinal) { ["log_likelihood"] = [.. Enumerable.Range(0, 41).Select(k => (float)(value - (40 - k)))] },
            Device = "cpu",
            Notes = [],
        };
    }
}
