using System.Text.Json.Serialization;
using Sweep.Grains.Comparison.Statistics.Racing;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A race over seeds: what its looks decided, and what it spared.</summary>
public sealed record RaceSection
{
    /// <summary>Every look that is planned; those that aren't judged yet have no <see cref="RaceLookSection.At"/>.</summary>
    public required IReadOnlyList<RaceLookSection> Looks { get; init; }

    /// <summary>Differences below it count as none; left out where no such claim was tested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Margin { get; init; }

    public required bool Futility { get; init; }

    /// <summary>Trials that every group at the last look would be.</summary>
    public required long Planned { get; init; }

    /// <summary>Of these, trials that turned out not to be needed.</summary>
    public required long Spared { get; init; }

    /// <summary>Whether no further look follows.</summary>
    public required bool Finished { get; init; }
}

/// <summary>A look.</summary>
/// <param name="Look">From 1.</param>
/// <param name="Seeds">Of each group that reached it.</param>
/// <param name="Share">Of the level.</param>
/// <param name="At">When it was judged; null where it isn't yet, or was not needed.</param>
/// <param name="Called">Comparisons of the primary family that it called.</param>
/// <param name="NoWinner">That differ, whose better side is suspected of mode collapse.</param>
/// <param name="Equivalent">That it found to have no difference beyond the margin.</param>
/// <param name="Undecidable">That it stopped, as the seeds planned can't decide them.</param>
/// <param name="Untested">Without a test, as a seed failed or has no value.</param>
/// <param name="Open">That were open after it.</param>
/// <param name="Groups">Groups that got the next look's seeds.</param>
public sealed record RaceLookSection(
    int Look, int Seeds, double Share, DateTimeOffset? At, int Called, int NoWinner, int Equivalent, int Undecidable, int Untested, int Open, int Groups)
{
    internal static RaceLookSection Of(LookPlan plan, int look, DateTimeOffset? at, RaceState? state)
    {
        int Decided(RaceOutcome outcome) => state?.Comparisons.Count(c => c.Outcome == outcome && c.DecidedAt == look) ?? 0;
        return new RaceLookSection(
            look, plan.Seeds[look - 1], plan.Weight(look), at, Decided(RaceOutcome.Called), Decided(RaceOutcome.NoWinner), Decided(RaceOutcome.Equivalent),
            Decided(RaceOutcome.Undecidable), state?.Comparisons.Count(c => c.IsBroken) ?? 0, state?.Comparisons.Count(c => c.IsOpen) ?? 0,
            state?.OpenGroups.Count(o => o) ?? 0);
    }
}
