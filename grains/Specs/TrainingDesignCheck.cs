using System.Text.Json.Nodes;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether schedule, noise distribution, weighting and parametrisation make sense together: what trials would otherwise fail on, each after its launch.
/// </summary>
internal static class TrainingDesignCheck
{
    /// <summary>Designs tried at most, a millisecond each; those beyond fail when they run.</summary>
    private const int MaxDesigns = 500;

    /// <summary>Of the tabulated noise features only the fewest are needed.</summary>
    private const int TimeFeatures = 2;

    private static readonly string[] DesignKeys = ["parametrisation", "noise_distribution", "noise_mean", "noise_std", "weighting"];

    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name == "schedule") is not { } schedules) return;
        var all = ReadKey.OfSection(SpecSections.Training, axes, fixedKeys);
        var keys = DesignKeys.Select(name => all.Find(k => string.Equals(k.Key.Name, name, StringComparison.Ordinal))).OfType<ReadKey>().ToList();
        // A key that is wrong has been reported.
        if (keys.Count != DesignKeys.Length) return;

        var said = new HashSet<string>(StringComparer.Ordinal);
        var designs =
            from s in Enumerable.Range(0, schedules.Instances.Count)
            where schedules.Instances[s] is ISchedule
            from point in Points(keys)
            select (Schedule: (ISchedule)schedules.Instances[s], Label: ReadAxis.Text(schedules.Labels[s]), Point: point);
        foreach (var (schedule, label, point) in designs.Take(MaxDesigns))
        {
            var design = TrainingDesigns.Of(Section(point), schedule);
            // Without the weighting first: a failure is then the distribution's.
            var about = Fails(design with { Weighting = LossWeighting.Unit }, out var message) ? "noise_distribution" : Fails(design, out message)
                ? "weighting" : null;
            if (about is null) continue;
            var key = keys.Find(k => string.Equals(k.Key.Name, about, StringComparison.Ordinal))!;
            var text = $"training.{about}: {point[about]} with schedule {label}: {message}";
            if (said.Add(text)) errors.Add(key.Written ? key.Line : schedules.Line, text);
        }
    }

    /// <summary>Every combination of the keys' values.</summary>
    private static IEnumerable<JsonObject> Points(IEnumerable<ReadKey> keys) =>
        keys.Aggregate(
            (IEnumerable<JsonObject>)[[]],
            (points, key) => points.SelectMany(_ => key.Values, (point, value) =>
            {
                var longer = point.DeepClone().AsObject();
                longer[key.Key.Name] = value.DeepClone();
                return longer;
            }));

    private static TrainingSpec Section(JsonObject point) => new()
    {
        Steps = 1,
        Batch = 1,
        LearningRate = 1,
        WarmupSteps = 0,
        Points = 1,
        Parametrisation = point["parametrisation"]!.GetValue<string>(),
        NoiseDistribution = point["noise_distribution"]!.GetValue<string>(),
        NoiseMean = point["noise_mean"]!.GetValue<double>(),
        NoiseStd = point["noise_std"]!.GetValue<double>(),
        Weighting = point["weighting"]!.GetValue<string>(),
    };

    private static bool Fails(TrainingDesign design, out string message)
    {
        try
        {
            _ = new NoiseTable(design, sigmaData: 1, TimeFeatures);
            message = "";
            return false;
        }
        catch (TrainingDesignException e)
        {
            message = e.Message;
            return true;
        }
    }
}
