using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// A spec's race on its trials: the primary family as <see cref="RacePlan"/> has it, and what each look sees of it. Groups are numbered by their place in the
/// spec's expansion.
/// </summary>
internal sealed class RaceBoard
{
    private readonly SweepSpec _spec;
    private readonly ComparisonPlan _plan;

    /// <exception cref="ArgumentException">A spec that is no race, or a baseline that isn't on its axis.</exception>
    public RaceBoard(SweepSpec spec, ComparisonPlan? plan = null)
    {
        RaceSpec race = spec.Race ?? throw new ArgumentException("race: none; allowed: a spec with looks", nameof(spec));
        (_spec, _plan) = (spec, plan ?? new ComparisonPlan(spec));
        Looks = new LookPlan(race.Looks, race.Spend);
        Groups = (int)spec.Places.Count;
        Plan = PlanOf([.. _plan.Of(spec.Compare.Metric)], race.Futility, race.Margin);
    }

    public LookPlan Looks { get; }

    /// <summary>The primary family's.</summary>
    public RacePlan Plan { get; }

    /// <summary>Groups of the whole grid, also those in no comparison.</summary>
    public int Groups { get; }

    /// <summary>Curves that the primary family and what suspects a collapse are read from.</summary>
    public IReadOnlyList<string> Curves => MetricReader.Curves(_spec.Compare.Metric);

    /// <summary>Takes the race through its next look. A pure function of its arguments.</summary>
    /// <param name="before">After the look before; null at the first.</param>
    /// <param name="completed">The completed ones of the trials that looks have asked for, in any order.</param>
    public RaceState Judge(RaceState? before, IEnumerable<CompletedTrial> completed)
    {
        RaceState state = before ?? RaceState.Start(Plan);

        // Where the spec alone shows that nothing can be tested, there is nothing to add seeds for.
        if (state.Look == 0 && Plan.Comparisons.Count == 0)
            return state with { Look = 1 };
        int seeds = Looks.Seeds[state.Look];
        IReadOnlyList<ContrastFamily> families = Contrasts.OfLook(new TrialTable(_spec, completed).Prefix(seeds), _spec, _plan);
        return Race.Advance(Plan, state, Samples(families, families[0], null, seeds));
    }

    /// <summary>The groups that get the next look's seeds, by their place in the spec's expansion.</summary>
    public static IReadOnlySet<long> Open(RaceState state) =>
        state.OpenGroups.Select((open, group) => (open, group)).Where(g => g.open).Select(g => (long)g.group).ToHashSet();

    /// <summary>Another family in the same race: exploratory, and never the reason why a group goes on or stops.</summary>
    /// <param name="now">The family as all results have it.</param>
    /// <param name="looks">The families at each look that was judged.</param>
    /// <param name="states">The primary family's after each of these.</param>
    public RaceState Follow(ContrastFamily now, IReadOnlyList<IReadOnlyList<ContrastFamily>> looks, IReadOnlyList<RaceState> states)
    {
        RacePlan plan = PlanOf(now.Planned, futility: false, margin: null);
        RaceState state = RaceState.Start(plan);
        for (int look = 1; look <= looks.Count; look++)
        {
            IReadOnlyList<bool>? open = look == 1 ? null : states[look - 2].OpenGroups;
            state = state with { OpenGroups = [.. Enumerable.Range(0, Groups).Select(g => open is null || (g < open.Count && open[g]))] };
            ContrastFamily? then = looks[look - 1].FirstOrDefault(f => f.Metric == now.Metric && f.Primary == now.Primary);
            state = Race.Advance(plan, state, Samples(looks[look - 1], then, now, Looks.Seeds[look - 1]));
        }

        return state;
    }

    /// <summary>Seeds that a group was given by the looks judged so far: those of the first look where none was.</summary>
    public int Reached(IReadOnlyList<RaceState> states, int group)
    {
        int look = 1;
        while (look < states.Count && group < states[look - 1].OpenGroups.Count && states[look - 1].OpenGroups[group])
            look++;
        return Looks.Seeds[look - 1];
    }

    /// <summary>A group's number.</summary>
    public int GroupOf(IReadOnlyList<int> place) => _spec.Places.GroupOf(place)!.Value;

    private RacePlan PlanOf(IReadOnlyList<PlannedComparison> family, bool futility, double? margin) => new()
    {
        Looks = Looks,
        Futility = futility,
        Margin = margin,
        Comparisons =
        [
            .. family.Select(c => new RaceEntry(
                [.. c.Places.SelectMany(p => new[] { GroupOf(p), GroupOf(_plan.With(p, c.B)) })], Averaged: c.Averaged.Count > 0)),
        ],
    };

    /// <param name="families">All at this look.</param>
    /// <param name="family">The one in question; null where no result has its metric.</param>
    /// <param name="order">The family whose order counts; null for <paramref name="family"/>'s own.</param>
    /// <param name="seeds">At this look.</param>
    private Func<int, RaceSample> Samples(IReadOnlyList<ContrastFamily> families, ContrastFamily? family, ContrastFamily? order, int seeds)
    {
        Verdicts verdicts = new(families, _spec);
        Dictionary<string, Contrast> there = (family?.Contrasts ?? []).ToDictionary(c => c.PlaceKey, StringComparer.Ordinal);
        Dictionary<int, string> keys = ((order ?? family)?.Contrasts ?? []).ToDictionary(c => c.Index, c => c.PlaceKey);
        return i => keys.TryGetValue(i, out string? key) && there.TryGetValue(key, out Contrast? contrast)
            ? new RaceSample(contrast.Differences, IsBroken: contrast.Differences.Count < seeds, IsSuspect: verdicts.Suspicion(contrast) is not null)
            : new RaceSample([], IsBroken: true);
    }
}
