using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>Whether every schedule has every grid of every number of reverse steps: what its trials would otherwise fail on, each after its training.</summary>
internal static class GridCheck
{
    /// <summary>Grids tried at most; those beyond fail when they run.</summary>
    private const int Most = 2000;

    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name == "schedule") is not { } schedules) return;
        var keys = ReadKey.OfSection(SpecSections.Sampling, axes, fixedKeys);
        // A key that is wrong has been reported.
        if (keys.Find(k => k.Key.Name == "steps") is not { } steps || keys.Find(k => k.Key.Name == "grid") is not { } grids) return;
        var line = steps.Written ? steps.Line : schedules.Line;
        var combinations =
            from count in steps.Values
            from schedule in schedules.Instances.OfType<ISchedule>()
            from grid in grids.Instances.OfType<IGrid>()
            select (Count: (int)count.GetValue<long>(), schedule, grid);
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (count, schedule, grid) in combinations.Take(Most))
        {
            try
            {
                grid.Levels(schedule, count);
            }
            catch (KindException e)
            {
                if (said.Add(e.Message)) errors.Add(line, $"sampling.steps: {e.Message}");
            }
        }
    }
}
