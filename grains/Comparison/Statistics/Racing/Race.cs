namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>
/// Takes a race from look to look: a pure function of the results on the prefix of seeds, so that every replay decides alike. Holm's procedure over
/// p-values that are valid at all looks together (A. C. Tamhane, J. Gou, C. Jennison, C. R. Mehta and T. Curto, Statistics in Medicine 2021, doi
/// 10.1002/sim.9128): the chance of one false call in the whole family stays below <see cref="RacePlan.Alpha"/>, whatever stops when. That is proved for the
/// plain t-test; for the moderated one, whose lent variance is estimated at the first look and kept, bench/racing shows it. docs/statistics.md has both.
/// </summary>
public static class Race
{
    /// <summary>Judges the next look.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="before">After the look before; <see cref="RaceState.Start"/> at first.</param>
    /// <param name="sample">What this look sees of a comparison, by its place in the family; asked for those alone that this look tests.</param>
    /// <exception cref="InvalidOperationException">The race is over.</exception>
    public static RaceState Advance(RacePlan plan, RaceState before, Func<int, RaceSample> sample)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(sample);
        int look = before.Look + 1;
        if (before.IsFinished || look > plan.Looks.Count)
            throw new InvalidOperationException($"look {look} of a race that ended at look {before.Look}; allowed: looks of a race that goes on");

        RaceSample?[] seen = [.. plan.Comparisons.Select((c, i) => Tests(c, before.Comparisons[i], before.OpenGroups) ? sample(i) : (RaceSample?)null)];
        RaceState now = before with
        {
            Look = look,
            Lent = look == 1 ? Lent(plan, seen, averaged: false) : before.Lent,
            LentAmongAverages = look == 1 ? Lent(plan, seen, averaged: true) : before.LentAmongAverages,
        };
        RaceStanding[] standings =
        [
            .. before.Comparisons.Select((s, i) => Test(plan, s, look, seen[i], plan.Comparisons[i].Averaged ? now.LentAmongAverages : now.Lent)),
        ];
        Call(standings, look);
        if (plan.Margin is not null)
            CallEquivalent(standings, look);
        if (plan.Futility && look < plan.Looks.Count)
            Stop(plan, standings, look, seen);
        HashSet<int> wanted = [.. plan.Comparisons.Where((c, i) => !c.Averaged && standings[i].IsOpen).SelectMany(c => c.Groups)];
        return now with
        {
            Comparisons = standings,
            OpenGroups = [.. before.OpenGroups.Select((open, group) => open && look < plan.Looks.Count && wanted.Contains(group))],
        };
    }

    /// <summary>One that has stopped is not tested again; one that was broken is, as its seed may have been tried again.</summary>
    private static bool Tests(RaceEntry comparison, RaceStanding standing, IReadOnlyList<bool> open) =>
        standing.Outcome == RaceOutcome.Open && comparison.Groups.All(g => open[g]);

    private static (double Degrees, double Variance)? Lent(RacePlan plan, RaceSample?[] seen, bool averaged) => PairedTest.Prior(
        [.. seen.Where((s, i) => plan.Comparisons[i].Averaged == averaged && s is { IsBroken: false }).Select(s => s!.Value.Differences)]);

    private static RaceStanding Test(
        RacePlan plan, RaceStanding standing, int look, RaceSample? seen, (double Degrees, double Variance)? lent)
    {
        if (seen is not { } sample)
            return standing;
        double? p = sample.IsBroken ? null : PairedTest.P(sample.Differences, lent);
        IReadOnlyList<double?> all = [.. standing.P, p];
        RaceStanding tested = standing with
        {
            P = all,
            IsBroken = sample.IsBroken,
            IsSuspect = sample.IsSuspect,
            PSequential = sample.IsBroken ? null : SequentialP.Of(all, plan.Looks.Weight)?.P,
        };
        if (sample.IsBroken)
            return tested with { PEquivalence = [.. standing.PEquivalence, null], PEquivalenceSequential = null };

        double[] differences = [.. sample.Differences];
        IReadOnlyList<double?> equivalence = [.. standing.PEquivalence, plan.Margin is { } margin ? Equivalence.P(differences, margin) : null];
        return tested with
        {
            Seeds = differences.Length,
            Interval = RepeatedInterval.Next(standing.Interval, MeanInterval.Of(differences, RacePlan.Alpha * plan.Looks.Weight(look))),
            PEquivalence = equivalence,
            PEquivalenceSequential = SequentialP.Of(equivalence, plan.Looks.Weight)?.P,
        };
    }

    private static void Call(RaceStanding[] standings, int look)
    {
        double[] adjusted = Holm.Adjust([.. standings.Select(s => s.PSequential)], standings.Length);
        for (int i = 0; i < standings.Length; i++)
        {
            standings[i] = standings[i] with { PAdjusted = adjusted[i] };
            if (standings[i].MayBeCalled && adjusted[i] < RacePlan.Alpha && standings[i].Interval is { LeavesOutZero: true })
                standings[i] = standings[i] with { Outcome = standings[i].IsSuspect ? RaceOutcome.NoWinner : RaceOutcome.Called, DecidedAt = look };
        }
    }

    /// <summary>A family of its own over the same comparisons.</summary>
    private static void CallEquivalent(RaceStanding[] standings, int look)
    {
        double[] adjusted = Holm.Adjust([.. standings.Select(s => s.PEquivalenceSequential)], standings.Length);
        for (int i = 0; i < standings.Length; i++)
        {
            standings[i] = standings[i] with { PEquivalenceAdjusted = adjusted[i] };
            if (standings[i].MayBeCalled && adjusted[i] < RacePlan.Alpha)
                standings[i] = standings[i] with { Outcome = RaceOutcome.Equivalent, DecidedAt = look };
        }
    }

    /// <summary>
    /// Stops what even a mean better by <see cref="RacePlan.Hope"/> standard errors would not decide at the last look. Averages cost no seeds, so they go on.
    /// </summary>
    private static void Stop(RacePlan plan, RaceStanding[] standings, int look, RaceSample?[] seen)
    {
        int seeds = plan.Looks.Seeds[look - 1], most = plan.Looks.Most;
        if (seeds < RacePlan.FewestForFutility)
            return;
        double last = RacePlan.Alpha * plan.Looks.Weights[^1];
        int uncalled = standings.Count(s => s.Outcome is not (RaceOutcome.Called or RaceOutcome.NoWinner));
        double different = MeanInterval.Critical(last / Math.Max(1, uncalled), most - 1);

        // One-sided at the share of Holm's most lenient step: two-sided at twice that.
        double? equal = plan.Margin is null || plan.FutilityForgetsMargin ? null
            : MeanInterval.Critical(2 * last / Math.Max(1, standings.Count(s => s.Outcome != RaceOutcome.Equivalent)), most - 1);
        for (int i = 0; i < standings.Length; i++)
        {
            if (!standings[i].IsOpen || plan.Comparisons[i].Averaged || seen[i] is not { } sample)
                continue;
            double[] differences = [.. sample.Differences];
            double mean = MeanInterval.MeanOf(differences), sd = Math.Sqrt(MeanInterval.VarianceOf(differences, mean));
            double hope = RacePlan.Hope * sd / Math.Sqrt(seeds), scale = Math.Sqrt(most) / sd;
            if ((Math.Abs(mean) + hope) * scale < different && !((plan.Margin - Math.Abs(mean) + hope) * scale >= equal))
                standings[i] = standings[i] with { Outcome = RaceOutcome.Undecidable, DecidedAt = look };
        }
    }
}
