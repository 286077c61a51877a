using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>A sweep as its operators launch it, and how they extend it later.</summary>
internal sealed class SimSweep
{
    private static readonly ConcurrentDictionary<(string Name, string Seeds, bool Wide, bool Tuned), SimVersion> Made = new();

    /// <summary>Ten settings for each arm, then one and one more that an estimator suggests.</summary>
    private const string Tune =
        "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, method: tpe, batch: 1, trials: 12, seeds: [9]}\n";

    private SimSweep(IReadOnlyList<SimVersion> versions) => Versions = versions;

    public IReadOnlyList<SimVersion> Versions { get; }

    public SimVersion Last => Versions[^1];

    public static SimSweep Of(SimRandom random, int number)
    {
        int seeds = random.Next(1, 4);
        int kind = random.Next(8);
        if (kind is 0 or 1)
            return new SimSweep([Make(number, "{looks: [3, 4, 6]}", wide: false)]);
        if (kind == 2)
            return new SimSweep([Make(number, $"{seeds}", wide: false, tuned: true)]);
        bool wide = random.Next(2) == 0;
        List<SimVersion> versions = [Make(number, $"{seeds}", wide)];
        if (random.Next(2) == 0)
            versions.Add(Make(number, $"{seeds + 1}", wide));
        return new SimSweep(versions);
    }

    private static SimVersion Make(int number, string seeds, bool wide, bool tuned = false) => Made.GetOrAdd(($"sim{number}", seeds, wide, tuned), key =>
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(
            key.Name, key.Seeds, key.Wide ? "[8, 16]" : "[8]", preprocessing: "[none, standardize]",
            dataset: $"ring{key.Name}", more: key.Tuned ? Tune : "");
        return new SimVersion(spec, [.. trials.Select((t, i) => new PlannedTrial(t, 1 + (i * 7 % 5)))]);
    });
}

/// <summary>A spec and its trials.</summary>
internal sealed record SimVersion(SweepSpec Spec, PlannedTrial[] Trials);
