using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>A sweep as its operators launch it, and how they extend it later.</summary>
internal sealed class SimSweep
{
    private static readonly ConcurrentDictionary<(string Name, string Seeds, bool Wide), SimVersion> Made = new();

    private SimSweep(IReadOnlyList<SimVersion> versions) => Versions = versions;

    public IReadOnlyList<SimVersion> Versions { get; }

    public SimVersion Last => Versions[^1];

    public static SimSweep Of(SimRandom random, int number)
    {
        int seeds = random.Next(1, 4);
        if (random.Next(4) == 0)
            return new SimSweep([Make(number, "{looks: [3, 4, 6]}", wide: false)]);
        bool wide = random.Next(2) == 0;
        List<SimVersion> versions = [Make(number, $"{seeds}", wide)];
        if (random.Next(2) == 0)
            versions.Add(Make(number, $"{seeds + 1}", wide));
        return new SimSweep(versions);
    }

    private static SimVersion Make(int number, string seeds, bool wide) => Made.GetOrAdd(($"sim{number}", seeds, wide), key =>
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(
            key.Name, key.Seeds, key.Wide ? "[8, 16]" : "[8]", preprocessing: "[none, standardize]",
            dataset: $"ring{key.Name}");
        return new SimVersion(spec, [.. trials.Select((t, i) => new PlannedTrial(t, 1 + (i * 7 % 5)))]);
    });
}

/// <summary>A spec and its trials.</summary>
internal sealed record SimVersion(SweepSpec Spec, PlannedTrial[] Trials);
