namespace Sweep.Grains.Comparison.Expectations;

/// <summary>What a race gave each group: how many seeds, and so which share of the level its intervals are at.</summary>
/// <param name="Reached">Seeds of the last look that a group, by its place on the grid, was given.</param>
/// <param name="Share">Of the level, of the first look that has so many seeds.</param>
internal sealed record SeedLevels(Func<int[], int> Reached, Func<int, double> Share);
