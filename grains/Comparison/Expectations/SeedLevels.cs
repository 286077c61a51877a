using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>Where results were looked at more than once: how many seeds each group has, and so which share of the level its intervals are at.</summary>
/// <param name="Reached">Seeds that a group, by its place on the grid, was given; of a race, by its last look.</param>
/// <param name="Share">Of the level, with so many seeds; of a race, that of the first look that has them.</param>
internal sealed record SeedLevels(Func<int[], int> Reached, Func<int, double> Share)
{
    /// <summary>
    /// At which claims are judged: those of a race's looks, or of a sweep that was extended with results already there that of the present look, since none is
    /// at full level where nobody declared how many there will be. Null where there was one look.
    /// </summary>
    public static SeedLevels? OfClaims(SweepSpec spec, ComparisonPlan plan, IReadOnlyList<JudgedLook> judged) => RaceVerdicts.Levels(spec, plan, judged)
        ?? (spec.Looks.Count == 0 ? null : new SeedLevels(_ => int.MaxValue, _ => SequentialP.UndeclaredWeight(spec.Looks.Count + 1)));
}
