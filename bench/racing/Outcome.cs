using Sweep.Grains.Comparison.Statistics.Racing;

namespace Sweep.Bench.Racing;

/// <summary>One sweep, raced to its end.</summary>
internal sealed record Outcome(RaceState State, double[] Effects, int Runs)
{
    /// <summary>A side called that is not the better one.</summary>
    public bool FalseCall => Each().Any(c => c.Standing.Outcome == RaceOutcome.Called && Math.Sign(c.Standing.Interval!.Mean) != Math.Sign(c.Effect));

    public int Found => Each().Count(c => c.Standing.Outcome == RaceOutcome.Called && Math.Sign(c.Standing.Interval!.Mean) == Math.Sign(c.Effect));

    public int Real => Effects.Count(e => e != 0);

    public IEnumerable<(RaceStanding Standing, double Effect)> Each() => State.Comparisons.Zip(Effects);

    /// <param name="plan">The race.</param>
    /// <param name="scenario">What is raced.</param>
    /// <param name="effects">True differences.</param>
    /// <param name="differences">(comparisons) of (seeds), as many as the last look has.</param>
    public static Outcome Of(RacePlan plan, Scenario scenario, double[] effects, double[][] differences)
    {
        RaceState state = RaceState.Start(plan);
        int runs = 0, before = 0;
        while (!state.IsFinished)
        {
            int seeds = plan.Looks.Seeds[state.Look];
            runs += state.OpenGroups.Count(o => o) * (seeds - before);
            state = Race.Advance(plan, state, i => new RaceSample(new ArraySegment<double>(differences[i], 0, seeds)));
            before = seeds;
        }

        return new Outcome(state, effects, runs);
    }
}
