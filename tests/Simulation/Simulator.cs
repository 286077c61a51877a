using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Simulation;

/// <summary>One seed, from beginning to end: faults for some minutes, then none, and everything must end.</summary>
internal static class Simulator
{
    /// <summary>How long everything may take once nothing fails any more. Trials that kill their silos take the longest: each loss is a lease.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(60);

    /// <summary>Steps that no run needs: something goes round and round.</summary>
    private const long MaxSteps = 3_000_000;

    /// <param name="listener">Told of every event; null for nobody.</param>
    public static SimOutcome Run(ulong seed, Action<string>? listener = null)
    {
        SimTrace trace = new(keep: 60) { Listener = listener };
        using SimWorld world = new(seed, trace);
        SimChaos chaos = new(world);
        SimOperators operators = new(world);
        TimeSpan faults = world.Random.Span(20, 400);
        operators.Start();
        chaos.Start();
        for (int i = 0; i < world.SiloCount; i++)
            world.StartSilo();

        bool calm = false;
        string? wrong = null;
        while (wrong is null && !operators.AreDone)
        {
            if (!calm && world.Scheduler.Now > faults)
            {
                calm = true;
                chaos.End();
                operators.Finish();
            }

            wrong = !world.Scheduler.Step() ? "nothing is left to do, and it isn't done"
                : world.Scheduler.Defect is { } defect ? defect
                : world.Violation ?? (world.Scheduler.Now > faults + EndsWithin ? $"not done {EndsWithin} after the faults ended: {Left(world)}"
                : world.Scheduler.Steps > MaxSteps ? $"not done after {MaxSteps} steps: {Left(world)}" : null);
        }

        wrong ??= Compare(world);
        return new SimOutcome(seed, wrong, trace.Digest, world.Scheduler.Steps, world.Database.History.Looks, world.Scheduler.Now, faults, [.. trace.Latest]);
    }

    /// <summary>The results are those of a run in which nothing happens.</summary>
    private static string? Compare(SimWorld world)
    {
        Dictionary<(string Sweep, string Trial), double> values = world.Database.Ask(connection =>
        {
            Dictionary<(string, string), double> read = [];
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText =
                """
                SELECT s.name, t.id, m.value FROM trials t JOIN sweeps s ON s.sweep = t.sweep JOIN metrics m ON m.trial = t.trial
                WHERE m.name = 'log_likelihood'
                """;
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
                read.Add((rows.GetString(0), rows.GetString(1)), rows.GetDouble(2));
            return read;
        });
        HashSet<(string, string)> pruned =
            [.. world.Database.History.Trials.Where(t => t.State == TrialStatus.Pruned).Select(t => (t.Name, t.Id))];
        foreach ((string sweep, string id) in world.Sweeps.SelectMany(s => Trials(world, s.Last).Select(t => (s.Last.Spec.Name, t.Id))))
        {
            double? value = values.TryGetValue((sweep, id), out double there) ? there : null;
            double? expected = world.IsInborn(id) || pruned.Contains((sweep, id)) ? null : SimTrials.Value(id);
            if (value != expected)
            {
                return $"the result of {id} of {sweep} is {value?.ToString(CultureInfo.InvariantCulture) ?? "none"}, undisturbed it is "
                    + $"{expected?.ToString(CultureInfo.InvariantCulture) ?? "none"}";
            }
        }

        return null;
    }

    /// <summary>Those that are to be there in the end: of a tuned sweep they follow from what it chose, which it has to have.</summary>
    private static IEnumerable<TrialSpec> Trials(SimWorld world, SimVersion version)
    {
        if (version.Spec.Tune is null)
            return version.Trials.Select(t => t.Trial);
        string resolved = world.Database.Ask(connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT resolved FROM sweeps WHERE name = @name";
            command.Parameters.AddWithValue("@name", version.Spec.Name);
            return (string)command.ExecuteScalar()!;
        });
        return TrialExpansion.All(SweepSpecJson.Restore(resolved, version.Spec.Source));
    }

    private static string Left(SimWorld world) => string.Join("; ",
        world.Database.History.Trials.Where(t => t.State is not (TrialStatus.Completed or TrialStatus.Pruned))
            .Select(t => $"{t} {string.Join(' ', t.Ran.TakeLast(4))}"));
}

/// <summary>How a seed went.</summary>
/// <param name="Wrong">What must not be; null where all is well.</param>
/// <param name="Digest">Of all that happened.</param>
/// <param name="Latest">The latest events.</param>
internal sealed record SimOutcome(
    ulong Seed, string? Wrong, ulong Digest, long Steps, long Commits, TimeSpan Took, TimeSpan Faults, IReadOnlyList<string> Latest)
{
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {Seed}, {Steps} steps, {Commits} commits, {Took.TotalSeconds:0} s: {Wrong ?? "well"}");
        foreach (string line in Wrong is null ? [] : Latest)
            text.AppendLine(line);
        return text.ToString();
    }
}
