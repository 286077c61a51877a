using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// A race's comparisons as its looks judged them: read from what the store keeps of each look, never judged again. The exploratory families follow the same
/// looks.
/// </summary>
internal sealed class RaceVerdicts
{
    private readonly SweepSpec _spec;
    private readonly RaceSpec _race;
    private readonly RaceBoard _board;
    private readonly IReadOnlyList<JudgedLook> _judged;

    private RaceVerdicts(SweepSpec spec, ComparisonPlan plan, IReadOnlyList<JudgedLook> judged)
    {
        (_spec, _race, _judged) = (spec, spec.Race!, judged);
        _board = new RaceBoard(spec, plan);
        States = [.. judged.Select(l => RaceJson.Read(l.Decisions))];
    }

    /// <summary>After each look that was judged.</summary>
    private RaceState[] States { get; }

    /// <param name="table">All results.</param>
    /// <param name="spec">A race.</param>
    /// <param name="plan">Its comparisons.</param>
    /// <param name="judged">What the store keeps of its looks.</param>
    public static (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Of(
        TrialTable table, SweepSpec spec, ComparisonPlan plan, IReadOnlyList<JudgedLook> judged) => new RaceVerdicts(spec, plan, judged).Of(table, plan);

    /// <summary>What each group was given by the looks judged so far, for claims; null for what is no race.</summary>
    public static SeedLevels? Levels(SweepSpec spec, ComparisonPlan plan, IReadOnlyList<JudgedLook> judged)
    {
        if (spec.Race is null)
            return null;
        RaceVerdicts race = new(spec, plan, judged);
        return new SeedLevels(
            place => race._board.Reached(race.States, race._board.GroupOf(place)),
            seeds => Enumerable.Range(1, race._board.Looks.Count).Where(k => race._board.Looks.Seeds[k - 1] >= seeds).Select(race._board.Looks.Weight)
                .First());
    }

    private (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Of(TrialTable table, ComparisonPlan plan)
    {
        IReadOnlyList<ContrastFamily> now = Contrasts.Of(table, _spec, plan);

        // Before the first look is judged there is nothing to say but what is compared.
        IReadOnlyList<ContrastFamily>[] looks =
            [.. Enumerable.Range(0, Math.Max(1, States.Length)).Select(k => Contrasts.Of(table.Prefix(_board.Looks.Seeds[k]), _spec, plan))];
        Verdicts[] verdicts = [.. looks.Select(families => new Verdicts(families, _spec))];
        List<ComparisonSection> comparisons = [];
        List<SecondaryFamily> secondary = [];
        foreach (ContrastFamily family in now)
        {
            RaceState? state = States.Length == 0 ? null : family.Primary ? States[^1] : _board.Follow(family, looks, States);
            int before = comparisons.Count;
            Dictionary<string, Contrast>[] there =
            [
                .. looks.Select(families => (families.FirstOrDefault(f => f.Metric == family.Metric && f.Primary == family.Primary)?.Contrasts ?? [])
                    .ToDictionary(c => c.PlaceKey, StringComparer.Ordinal)),
            ];
            foreach (Contrast contrast in family.Contrasts)
            {
                RaceStanding standing = state?.Comparisons[contrast.Index] ?? new RaceStanding();
                int look = Math.Max(1, standing.P.Count);
                Contrast then = there[look - 1].GetValueOrDefault(contrast.PlaceKey) ?? contrast.Empty();
                comparisons.Add(Section(verdicts[look - 1], then, family.Primary, standing, look));
            }

            if (!family.Primary)
            {
                secondary.Add(new SecondaryFamily(
                    family.Metric, family.Size, comparisons.Skip(before).Count(s => s.Verdict != Verdicts.Undecided)));
            }
        }

        ComparisonSection[] primary = [.. comparisons.Where(c => c.Family == FamilySection.Primary)];
        bool moderated = States.Length > 0 && (States[0].Lent ?? States[0].LentAmongAverages) is not null;
        FamilySection section = verdicts[0].Section(now[0], primary, moderated);
        return (comparisons, section with
        {
            SmallestEffect = now[0].Size == 0 ? null
                : SmallestEffect.At(_board.Looks.Most, Verdicts.Alpha * _board.Looks.Weights[^1] / now[0].Size),
            Secondary = secondary,
            Race = Race(table),
        });
    }

    private ComparisonSection Section(Verdicts verdicts, Contrast then, bool primary, RaceStanding standing, int look)
    {
        double? p = standing.P.Count > 0 ? standing.P[^1] : null;
        RepeatedInterval? interval = standing.Interval;
        string? better = interval is { Mean: var mean } ? then.BetterBy(mean) : null;
        (string decision, string? reason) = Decision(verdicts, then, standing);
        ComparisonSection section = verdicts.Section(then, primary, p, standing.PAdjusted);
        return section with
        {
            Seeds = standing.Seeds,
            Difference = new DifferenceSection(interval?.Mean, interval?.Low, interval?.High),
            PValue = p,
            PSequential = standing.PSequential,
            Look = standing.DecidedAt > 0 ? standing.DecidedAt : standing.P.Count > 0 ? look : null,
            Decision = decision,
            PEquivalence = standing.PEquivalenceSequential is null ? null : standing.PEquivalenceAdjusted,
            Better = better,
            Verdict = standing.Outcome == RaceOutcome.Called && better is not null ? better : Verdicts.Undecided,
            Marks = p is null ? null : section.Marks,
            Reason = reason,
        };
    }

    private (string Decision, string? Reason) Decision(Verdicts verdicts, Contrast then, RaceStanding standing)
    {
        string seeds = $"after {standing.Seeds} seeds";
        string? empty = standing.Interval is { IsEmpty: true } ? "the looks' intervals have no point in common: the last one's is shown" : null;
        (string decision, string? reason) = standing.Outcome switch
        {
            RaceOutcome.Called => (ComparisonSection.Called, null),
            RaceOutcome.NoWinner => (ComparisonSection.NoWinner, $"different, no winner: {verdicts.Suspicion(then) ?? "suspected mode collapse"}"),
            RaceOutcome.Equivalent => (ComparisonSection.Equivalent, $"no difference beyond {Wording.Plain(_race.Margin ?? 0)}, {seeds}"),
            RaceOutcome.Undecidable => (ComparisonSection.Undecidable, $"stopped {seeds}: not decidable with the {_board.Looks.Most} planned"),
            _ when standing.IsBroken => (ComparisonSection.Untested, then.Missing ?? "a seed of the look failed, was cancelled or has no value"),
            _ when standing.P.Count == 0 => (ComparisonSection.Open, $"its first look, after {_board.Looks.Seeds[0]} seeds, isn't judged yet"),
            _ => (ComparisonSection.Open, States[^1].IsFinished ? null : "the race goes on"),
        };
        return (decision, string.Join("; ", new[] { reason, empty }.OfType<string>()) is { Length: > 0 } words ? words : null);
    }

    private RaceSection Race(TrialTable table)
    {
        long planned = _spec.TrialCount, asked = 0;
        bool finished = States.Length > 0 && States[^1].IsFinished;
        for (int group = 0; group < _board.Groups; group++)
            asked += finished ? _board.Reached(States, group) : Most(group);
        return new RaceSection
        {
            Looks =
            [
                .. Enumerable.Range(1, _board.Looks.Count).Select(look => RaceLookSection.Of(
                    _board.Looks, look, look <= _judged.Count ? _judged[look - 1].At : null, look <= States.Length ? States[look - 1] : null)),
            ],
            Margin = _race.Margin,
            Futility = _race.Futility,
            Planned = planned,
            Spared = planned - asked,
            Finished = finished,
        };

        // A group that is still open may get every seed.
        int Most(int group) => States.Length == 0 || (group < States[^1].OpenGroups.Count && States[^1].OpenGroups[group])
            ? _board.Looks.Most : _board.Reached(States, group);
    }
}
