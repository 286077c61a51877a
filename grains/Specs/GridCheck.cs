using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>Whether every schedule has a grid of every number of reverse steps: what its trials would otherwise fail on, each after its training.</summary>
internal static class GridCheck
{
    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        var schedules = axes.FirstOrDefault(a => a.Definition.Name == "schedule");
        if (schedules is null) return;
        var axis = axes.FirstOrDefault(a => a.Definition.Name == "sampling.steps");
        var key = fixedKeys["sampling"].FirstOrDefault(k => k.Key.Name == "steps");
        var line = axis?.Line ?? key?.Line ?? schedules.Line;
        foreach (var steps in axis?.Values ?? key?.Values ?? [])
        {
            foreach (var schedule in schedules.Instances.OfType<ISchedule>())
            {
                try
                {
                    schedule.NativeGrid((int)ParameterValue(steps));
                }
                catch (KindException e)
                {
                    errors.Add(line, $"sampling.steps: {e.Message}");
                }
            }
        }
    }

    private static double ParameterValue(System.Text.Json.Nodes.JsonNode value) =>
        double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
