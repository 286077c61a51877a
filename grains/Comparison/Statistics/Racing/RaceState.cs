namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>What became of a comparison.</summary>
public enum RaceOutcome
{
    /// <summary>Not decided; after the last look: undecided.</summary>
    Open,

    /// <summary>One side is better.</summary>
    Called,

    /// <summary>The sides differ, but the better one is suspected of mode collapse: different, no winner.</summary>
    NoWinner,

    /// <summary>No difference beyond the margin.</summary>
    Equivalent,

    /// <summary>Not decidable with the seeds planned.</summary>
    Undecidable,
}

/// <summary>Where a race stands after a look: all that the next one needs to know.</summary>
public sealed record RaceState
{
    /// <summary>Looks taken.</summary>
    public int Look { get; init; }

    public required IReadOnlyList<RaceStanding> Comparisons { get; init; }

    /// <summary>Groups that get the next look's seeds.</summary>
    public required IReadOnlyList<bool> OpenGroups { get; init; }

    /// <summary>Degrees of freedom and variance that groups lend each other, estimated at the first look and used at all later ones.</summary>
    public (double Degrees, double Variance)? Lent { get; init; }

    /// <summary>The same among averages, which vary less.</summary>
    public (double Degrees, double Variance)? LentAmongAverages { get; init; }

    /// <summary>Whether no further look follows.</summary>
    public bool IsFinished => !OpenGroups.Contains(true);

    /// <summary>Before the first look.</summary>
    public static RaceState Start(RacePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new RaceState
        {
            Comparisons = [.. plan.Comparisons.Select(_ => new RaceStanding())], OpenGroups = [.. Enumerable.Repeat(true, plan.Groups)],
        };
    }
}

/// <summary>Where one comparison stands.</summary>
public sealed record RaceStanding
{
    public RaceOutcome Outcome { get; init; }

    /// <summary>The look that decided it, from 1; 0 while it is open.</summary>
    public int DecidedAt { get; init; }

    /// <summary>Seeds at the last look that tested it.</summary>
    public int Seeds { get; init; }

    /// <summary>Each look's p-value; null at one that had no test of it.</summary>
    public IReadOnlyList<double?> P { get; init; } = [];

    /// <summary>The smallest p_k / w_k; null without a test, which keeps its place in the family at p = 1.</summary>
    public double? PSequential { get; init; }

    /// <summary>The same after Holm's adjustment over the family; 1 without a test.</summary>
    public double PAdjusted { get; init; } = 1;

    /// <summary>The same of the equivalence tests, where there is a margin.</summary>
    public IReadOnlyList<double?> PEquivalence { get; init; } = [];

    public double? PEquivalenceSequential { get; init; }

    public double PEquivalenceAdjusted { get; init; } = 1;

    public RepeatedInterval? Interval { get; init; }

    /// <summary>Whether a seed of the last look that saw it failed for good or has no value.</summary>
    public bool IsBroken { get; init; }

    public bool IsSuspect { get; init; }

    /// <summary>Whether seeds are still added for it, and a call may still come.</summary>
    internal bool IsOpen => Outcome == RaceOutcome.Open && !IsBroken;

    /// <summary>Whether Holm may still call it: also when it has stopped for want of hope, as it steps down.</summary>
    internal bool MayBeCalled => Outcome is RaceOutcome.Open or RaceOutcome.Undecidable && !IsBroken;
}
