using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether every schedule has every grid of every number of reverse steps, and every teleportation arrives on it with steps left: what trials would otherwise
/// fail on, each after its training.
/// </summary>
internal static class GridCheck
{
    /// <summary>Combinations tried at most; those beyond fail when they run.</summary>
    private const int MaxChecks = 2000;

    /// <summary>Where teleportation arrives does not depend on the data.</summary>
    private static readonly Teleportation Any = new([0], new double[,] { { 1 } });

    /// <param name="axes">The axes.</param>
    /// <param name="fixedKeys">The sections' fixed keys.</param>
    /// <param name="known">Every grid there is: those that would do are offered.</param>
    /// <param name="errors">Where they go.</param>
    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, KindCatalogue known, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name == "schedule") is not { } schedules) return;
        var keys = ReadKey.OfSection(SpecSections.Sampling, axes, fixedKeys);
        // A key that is wrong has been reported.
        if (Find("steps") is not { } steps || Find("grid") is not { } grids || Find("teleport") is not { } teleports) return;
        var line = steps.Written ? steps.Line : schedules.Line;
        var targets = teleports.Instances.OfType<TeleportTarget>().ToList();
        var combinations =
            from count in steps.Values
            from schedule in schedules.Instances.OfType<ISchedule>()
            from grid in grids.Instances.OfType<IGrid>()
            select (Count: (int)count.GetValue<long>(), schedule, grid);
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (count, schedule, grid) in combinations.Take(MaxChecks / (1 + targets.Count)))
        {
            try
            {
                var levels = grid.Levels(schedule, count);
                foreach (var target in targets) Teleport(target, schedule, levels);
            }
            catch (KindException e)
            {
                var others = Others(known, schedule, count);
                if (said.Add(e.Message)) errors.Add(line,
                    $"sampling.steps: {e.Message}{(others.Count == 0 ? "" : $", or another sampling.grid: {string.Join(", ", others)}")}");
            }
        }

        ReadKey? Find(string name) => keys.Find(k => string.Equals(k.Key.Name, name, StringComparison.Ordinal));

        void Teleport(TeleportTarget target, ISchedule schedule, IReadOnlyList<NoiseLevel> levels)
        {
            string? wrong = null;
            try
            {
                if (Any.Apply(target, schedule, levels, [0]).Grid.Count < 2)
                    wrong = $"teleport.skip: {ParameterReader.Show(target.Skip ?? 0)}, all of {levels.Count - 1} steps; allowed: a share that leaves at least "
                        + $"one";
            }
            catch (KindException e)
            {
                wrong = e.Message;
            }

            if (wrong is not null && said.Add(wrong)) errors.Add(teleports.Line, $"sampling.{wrong}");
        }
    }

    /// <summary>
    /// The grids, as they are by default, that this schedule has with so many steps: where there are any, the grid is at fault and not the number.
    /// </summary>
    private static List<string> Others(KindCatalogue known, ISchedule schedule, int steps)
    {
        return [.. known.Kinds.Where(Works).Select(k => k.Name)];

        bool Works(KindEntry kind)
        {
            try
            {
                var defaults = new JsonObject(kind.Parameters.Select(p => KeyValuePair.Create(p.Name, p.DefaultValue?.DeepClone())));
                return kind.Create(new ParameterValues(defaults)) is IGrid grid && grid.Levels(schedule, steps).Count > 0;
            }
            catch (KindException)
            {
                return false;
            }
        }
    }
}
