using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Sweep.Tests.Simulation;

/// <summary>What <c>tests/simulate</c> runs: as many seeds as one likes; of a single one, every event.</summary>
public sealed class SimulationRun(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Run_OfTheSeedsAskedFor_KeepsEveryPromiseAndEnds()
    {
        ulong from = Asked("SWEEP_SIMULATE_FROM", 1), seeds = Asked("SWEEP_SIMULATE_SEEDS", 1000);
        long began = Stopwatch.GetTimestamp(), steps = 0, commits = 0;
        List<ulong> wrong = [];
        for (ulong seed = from; seed < from + seeds; seed++)
        {
            SimOutcome outcome = Simulator.Run(seed, seeds == 1 ? output.WriteLine : null);
            (steps, commits) = (steps + outcome.Steps, commits + outcome.Commits);
            if (outcome.Wrong is not null)
            {
                wrong.Add(seed);
                output.WriteLine(wrong.Count <= 3 ? outcome.ToString() : $"seed {seed}: {outcome.Wrong.Split('\n')[0]}");
            }

            if (seeds == 1)
                output.WriteLine($"digest {outcome.Digest:x16}, faults for {outcome.Faults.TotalSeconds:0} s, done after {outcome.Took.TotalSeconds:0} s");
            if (wrong.Count > 0 && Environment.GetEnvironmentVariable("SWEEP_SIMULATE_UNTIL_WRONG") is { Length: > 0 })
                break;
            if ((seed - from + 1) % 1000 == 0)
                output.WriteLine(Said(seed - from + 1));
        }

        output.WriteLine(Said(seeds));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {seeds} seeds failed: {string.Join(' ', wrong.Take(50))}");

        string Said(ulong run) => string.Create(
            CultureInfo.InvariantCulture, $"{run} seeds, {steps} steps, {commits} commits, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    private static ulong Asked(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
