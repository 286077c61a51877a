namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>What is raced, fixed before any result.</summary>
public sealed record RacePlan
{
    public const double Alpha = SmallestEffect.Alpha;

    /// <summary>Futility is not judged on fewer seeds: a standard deviation of four values says too little.</summary>
    public const int FewestForFutility = 5;

    /// <summary>What a mean may still gain, in its standard errors, before a comparison counts as out of reach.</summary>
    public const double Hope = 1.4;

    public required LookPlan Looks { get; init; }

    /// <summary>The whole family, in its order; p-values are adjusted over all of it.</summary>
    public required IReadOnlyList<RaceEntry> Comparisons { get; init; }

    /// <summary>Whether comparisons that can't be decided any more stop.</summary>
    public bool Futility { get; init; } = true;

    /// <summary>Differences below it in size count as none; null where no such claim is tested.</summary>
    public double? Margin { get; init; }

    /// <summary>
    /// Whether futility asks about a difference alone, margin or not: it then stops just those comparisons that could be called "no difference beyond the
    /// margin". A control for the simulation.
    /// </summary>
    internal bool FutilityForgetsMargin { get; init; }

    /// <summary>Groups, numbered from 0.</summary>
    internal int Groups => Comparisons.SelectMany(c => c.Groups).DefaultIfEmpty(-1).Max() + 1;
}

/// <summary>A comparison of the family.</summary>
/// <param name="Groups">The groups that it needs: of both arms, and all that it averages.</param>
/// <param name="Averaged">Whether it is an average, which is tested at the looks that all its groups reach and holds none of them open.</param>
public sealed record RaceEntry(IReadOnlyList<int> Groups, bool Averaged = false);

/// <summary>What a look sees of a comparison.</summary>
/// <param name="Differences">(seeds of this look) of the second arm minus the first, in the order of the seeds.</param>
/// <param name="IsBroken">
/// Whether a seed of this look failed for good or completed without a value, in either arm: such a seed is never skipped, so there is no test.
/// </param>
/// <param name="IsSuspect">Whether the better side is suspected of mode collapse.</param>
public readonly record struct RaceSample(IReadOnlyList<double> Differences, bool IsBroken = false, bool IsSuspect = false);
