using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics.Racing;

/// <summary>Races decided by hand, and the laws that every race keeps.</summary>
public sealed class RaceTests
{
    private static readonly int[] Seeds = [5, 8, 12, 20];

    [Fact]
    public void LookPlan_WhenNoSharesAreGiven_SpendsInProportionToSeeds()
    {
        LookPlan plan = new(Seeds);
        Assert.Equal([5 / 45.0, 8 / 45.0, 12 / 45.0, 20 / 45.0], plan.Weights);
        Assert.Equal([0.5, 0.5], new LookPlan([3, 4], [0.5, 0.5]).Weights);
    }

    [Theory]
    [InlineData(new int[0], null, "looks: []; allowed: rising numbers of seeds")]
    [InlineData(new[] { 1, 5 }, null, "looks: [1, 5]; allowed")]
    [InlineData(new[] { 5, 5 }, null, "looks: [5, 5]; allowed")]
    [InlineData(new[] { 5, 8 }, new[] { 0.5, 0.6 }, "shares of the looks [5, 8]: [0.5, 0.6]; allowed: one positive number per look, summing to 1")]
    [InlineData(new[] { 5, 8 }, new[] { 0.0, 1.0 }, "shares of the looks [5, 8]: [0, 1]; allowed")]
    [InlineData(new[] { 5, 8 }, new[] { 1.0 }, "shares of the looks [5, 8]: [1]; allowed")]
    public void LookPlan_WhenItIsNone_SaysWhatIsAllowed(int[] seeds, double[]? weights, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new LookPlan(seeds, weights)).Message, StringComparison.Ordinal);

    /// <summary>Two comparisons, two looks of equal shares: every number by hand from the plain tests.</summary>
    [Fact]
    public void Advance_WhenTwoComparisonsRace_AdjustsTheSmallestSharesOfLooks()
    {
        RacePlan plan = Plan(2, new LookPlan([5, 8], [0.25, 0.75])) with { Futility = false };
        double[][] x = [Wave(0.4, 1), Wave(0.9, 2)];

        RaceState first = Race.Advance(plan, RaceState.Start(plan), Of(x, 5)), last = Race.Advance(plan, first, Of(x, 8));

        double?[] one = [.. x.Select(d => PairedTest.Plain(d[..5]) / 0.25)], two = [.. x.Select(d => PairedTest.Plain(d[..8]) / 0.75)];
        double?[] least = [.. one.Zip(two, (a, b) => (double?)Math.Min(1, Math.Min(a!.Value, b!.Value)))];
        Assert.Equal(one.Select(p => (double?)Math.Min(1, p!.Value)), first.Comparisons.Select(c => c.PSequential));
        Assert.Equal(least, last.Comparisons.Select(c => c.PSequential));
        Assert.Equal(Holm.Adjust(least, 2), last.Comparisons.Select(c => c.PAdjusted));
        for (int i = 0; i < 2; i++)
        {
            MeanInterval early = MeanInterval.Of(x[i].AsSpan(0, 5), 0.05 * 0.25), late = MeanInterval.Of(x[i].AsSpan(0, 8), 0.05 * 0.75);
            Assert.Equal((Math.Max(early.Low!.Value, late.Low!.Value), Math.Min(early.High!.Value, late.High!.Value)),
                (last.Comparisons[i].Interval!.Low, last.Comparisons[i].Interval!.High));
        }

        Assert.True(last.IsFinished);
        Assert.Throws<InvalidOperationException>(() => Race.Advance(plan, last, Of(x, 8)));
    }

    [Fact]
    public void Advance_WhenACallIsMade_StopsItsGroupAndNeverTakesItBack()
    {
        RacePlan plan = Plan(2, new LookPlan(Seeds)) with { Futility = false };

        // The first is plain at once, and turns afterwards; nobody looks any more.
        double[][] x = [[.. Wave(9, 1).Take(5), .. Wave(-9, 1).Skip(5)], Wave(0, 2)];
        RaceState state = RaceState.Start(plan);
        List<int> asked = [];
        while (!state.IsFinished)
        {
            int seeds = Seeds[state.Look];
            state = Race.Advance(plan, state, i =>
            {
                asked.Add(i);
                return new RaceSample(x[i][..seeds]);
            });
            Assert.Equal((RaceOutcome.Called, 1), (state.Comparisons[0].Outcome, state.Comparisons[0].DecidedAt));
            Assert.Equal([!state.IsFinished, false, !state.IsFinished], state.OpenGroups);
        }

        Assert.Equal([0, 1, 1, 1, 1], asked);
        Assert.Equal((4, RaceOutcome.Open), (state.Look, state.Comparisons[1].Outcome));
        Assert.True(state.Comparisons[0].Interval!.Low > 0);
    }

    [Fact]
    public void Advance_WhenTheWinnerIsSuspect_StopsWithoutOne()
    {
        RacePlan plan = Plan(1, new LookPlan(Seeds));
        RaceState state = Race.Advance(plan, RaceState.Start(plan), _ => new RaceSample(Wave(9, 1)[..5], IsSuspect: true));
        Assert.Equal(RaceOutcome.NoWinner, state.Comparisons[0].Outcome);
        Assert.True(state.IsFinished);
    }

    /// <summary>A seed that failed for good: no test and its place at p = 1 from then on, no more seeds for it, and a retry counts.</summary>
    [Fact]
    public void Advance_WhenASeedFailedForGood_NeverSkipsIt()
    {
        RacePlan plan = Plan(2, new LookPlan(Seeds)) with { Futility = false };
        double[][] x = [Wave(0.8, 1), Wave(0.1, 2)];
        RaceState first = Race.Advance(plan, RaceState.Start(plan), Of(x, 5));
        RaceState second = Race.Advance(plan, first, i => i == 0 ? new RaceSample([], IsBroken: true) : new RaceSample(x[i][..8]));

        Assert.NotNull(first.Comparisons[0].PSequential);
        Assert.Equal((null, 1, true, RaceOutcome.Open),
            (second.Comparisons[0].PSequential, second.Comparisons[0].PAdjusted, second.Comparisons[0].IsBroken, second.Comparisons[0].Outcome));
        Assert.Equal([true, false, true], second.OpenGroups);

        // Held open by another comparison, its groups reach the next look, and by then the seed has been tried again.
        RacePlan shared = plan with { Comparisons = [new RaceEntry([0, 1]), new RaceEntry([0, 1])] };
        RaceState again = Race.Advance(shared, RaceState.Start(shared), Of(x, 5));
        again = Race.Advance(shared, again, i => i == 0 ? new RaceSample([], IsBroken: true) : new RaceSample(x[i][..8]));
        again = Race.Advance(shared, again, Of(x, 12));
        double least = Math.Min(PairedTest.Plain(x[0][..5])!.Value / (5 / 45.0), PairedTest.Plain(x[0][..12])!.Value / (12 / 45.0));
        Assert.Equal(Math.Min(1, least), again.Comparisons[0].PSequential);
        Assert.False(again.Comparisons[0].IsBroken);
    }

    [Fact]
    public void Advance_WhenNothingCanBeDecidedAnyMore_StopsAndStillLetsHolmStepDown()
    {
        // Mean 0, sd 1: even 1.4 standard errors more give 1.4 / √5 x √20 = 2.80 at the last look. The critical t(19) at 0.05 x 20/45 = 0.0222 is 2.49, at
        // half of that 2.81: one comparison goes on, two stop.
        double[] flat = [1, -1, 1, -1, 0];
        Assert.InRange(StudentT.Critical(0.05 * 20 / 45, 19), 2.485, 2.495);
        Assert.InRange(StudentT.Critical(0.05 * 20 / 45 / 2, 19), 2.805, 2.815);
        foreach ((int comparisons, RaceOutcome expected) in new[] { (1, RaceOutcome.Open), (2, RaceOutcome.Undecidable) })
        {
            RacePlan plan = Plan(comparisons, new LookPlan(Seeds));
            RaceState state = Race.Advance(plan, RaceState.Start(plan), _ => new RaceSample(flat));
            Assert.Equal((expected, expected == RaceOutcome.Open), (state.Comparisons[0].Outcome, !state.IsFinished));
            state = Race.Advance(plan with { Futility = false }, RaceState.Start(plan), _ => new RaceSample(flat));
            Assert.Equal(RaceOutcome.Open, state.Comparisons[0].Outcome);
        }

        // Four seeds are too few to give up.
        RacePlan early = Plan(2, new LookPlan([4, 20]));
        Assert.False(Race.Advance(early, RaceState.Start(early), _ => new RaceSample(flat[..4])).IsFinished);

        // One that stopped while the family asked too much is called once the others are.
        RaceState stopped = RaceState.Start(Plan(2, new LookPlan(Seeds))) with
        {
            Look = 1,
            Comparisons =
            [
                new RaceStanding
                {
                    Outcome = RaceOutcome.Undecidable, DecidedAt = 1, PSequential = 0.04, Interval = new RepeatedInterval(1, 0.1, 2), Seeds = 5,
                },
                new RaceStanding { P = [0.1], PSequential = 0.9 },
            ],
            OpenGroups = [true, false, true],
        };
        RaceState called = Race.Advance(Plan(2, new LookPlan(Seeds)), stopped, Of([[], Wave(9, 2)], 8));
        Assert.Equal([RaceOutcome.Called, RaceOutcome.Called], called.Comparisons.Select(c => c.Outcome));
        Assert.Equal(0.04, called.Comparisons[0].PAdjusted);
    }

    [Fact]
    public void Advance_WhenAnAverageIsRaced_TestsItWhereAllItsGroupsAreAndHoldsNoneOpen()
    {
        RacePlan plan = new()
        {
            Looks = new LookPlan(Seeds), Futility = false,
            Comparisons = [new RaceEntry([0, 1, 2, 3], Averaged: true), new RaceEntry([0, 1]), new RaceEntry([2, 3])],
        };
        double[][] x = [Wave(0.3, 3), Wave(9, 1), Wave(0, 2)];
        RaceState first = Race.Advance(plan, RaceState.Start(plan), Of(x, 5)), second = Race.Advance(plan, first, Of(x, 8));
        Assert.Equal([false, false, true, true], first.OpenGroups);
        Assert.Equal((1, 2), (second.Comparisons[0].P.Count, second.Comparisons[2].P.Count));

        RacePlan alone = plan with { Comparisons = [new RaceEntry([0, 1], Averaged: true)] };
        Assert.True(Race.Advance(alone, RaceState.Start(alone), Of(x, 5)).IsFinished);
    }

    [Fact]
    public void Advance_WhenSixLendVariance_KeepsWhatTheFirstLookFound()
    {
        RacePlan plan = Plan(6, new LookPlan(Seeds)) with { Futility = false };
        double[][] x = [.. Enumerable.Range(0, 6).Select(i => Wave(0.2, i + 1).Select(v => (i + 0.5) * v).ToArray())];
        RaceState first = Race.Advance(plan, RaceState.Start(plan), Of(x, 5)), second = Race.Advance(plan, first, Of(x, 8));
        Assert.Equal(PairedTest.Prior([.. x.Select(d => d[..5])]), first.Lent);
        Assert.Equal(first.Lent, second.Lent);
        Assert.Equal(PairedTest.P(x[0][..8], first.Lent), second.Comparisons[0].P[1]);
        Assert.NotEqual(PairedTest.Moderated([.. x.Select(d => d[..8])]).P[0], second.Comparisons[0].P[1]);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.2)]
    public void EquivalenceP_WhenAMarginIsGiven_IsTheLargerOfTwoOneSidedTests(double margin)
    {
        // t-tests of mean against each end, by the t distribution's tails.
        double[] x = [0.31, -0.12, 0.44, 0.2, -0.29];
        double mean = x.Average(), error = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / 4 / 5);
        double Upper(double t) => t > 0 ? StudentT.TwoSidedP(t, 4) / 2 : 1 - (StudentT.TwoSidedP(t, 4) / 2);
        Near.Relative(Math.Max(Upper((margin - mean) / error), Upper((margin + mean) / error)), Equivalence.P(x, margin));
    }

    [Fact]
    public void EquivalenceP_WhenThereIsNothingToTest_HasNone()
    {
        Assert.Null(Equivalence.P([0.1], 1));
        Assert.Null(Equivalence.P([0.1, 0.1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Equivalence.P([0.1, 0.2], 0));
    }

    [Fact]
    public void Advance_WhenDifferencesAreSmall_CallsThemNoneBeyondTheMargin()
    {
        RacePlan plan = Plan(2, new LookPlan(Seeds)) with { Margin = 2 };
        double[][] x = [Wave(0.01, 1), Wave(9, 2)];
        RaceState state = RaceState.Start(plan);
        while (!state.IsFinished)
            state = Race.Advance(plan, state, Of(x, Seeds[state.Look]));
        Assert.Equal([RaceOutcome.Equivalent, RaceOutcome.Called], state.Comparisons.Select(c => c.Outcome));
        Assert.Equal(Holm.Adjust([.. state.Comparisons.Select(c => c.PEquivalenceSequential)], 2), state.Comparisons.Select(c => c.PEquivalenceAdjusted));
    }

    [Fact]
    public void RepeatedInterval_WhenLooksDisagree_IsTheLastLooksAndSaysSo()
    {
        RepeatedInterval? first = RepeatedInterval.Next(null, new MeanInterval(1, 0.5, 1.5)), both = RepeatedInterval.Next(first, new MeanInterval(3, 2, 4));
        Assert.Equal(new RepeatedInterval(3, 2, 4, IsEmpty: true), both);
        Assert.True(RepeatedInterval.Next(both, new MeanInterval(1, 0, 2))!.IsEmpty);
        Assert.Same(first, RepeatedInterval.Next(first, new MeanInterval(1, null, null)));
    }

    /// <summary>Whatever the data: calls stay, p-values only fall, intervals only narrow, nothing reopens, and a replay decides alike.</summary>
    [Fact]
    public void Advance_WhenAnythingIsRaced_KeepsItsLaws()
    {
        for (int race = 0; race < 300; race++)
        {
            PhiloxStream noise = new((ulong)race, NoisePurpose.Bootstrap, 22);
            int comparisons = 1 + noise.NextInt(9);
            RacePlan plan = Plan(comparisons, new LookPlan(Seeds)) with { Futility = race % 2 == 0, Margin = race % 3 == 0 ? 0.8 : null };
            double[][] x = new double[comparisons][];
            for (int i = 0; i < comparisons; i++)
            {
                double effect = noise.NextInt(3);
                x[i] = new double[20];
                for (int s = 0; s < 20; s++)
                    x[i][s] = effect + noise.NextNormal();
            }

            RaceState state = RaceState.Start(plan), replay = state;
            while (!state.IsFinished)
            {
                RaceState before = state;
                state = Race.Advance(plan, before, Of(x, Seeds[before.Look]));
                replay = Race.Advance(plan, replay, Of(x, Seeds[replay.Look]));
                Assert.Equivalent(state, replay, strict: true);
                Assert.All(before.OpenGroups.Zip(state.OpenGroups), g => Assert.True(g.First || !g.Second));
                foreach ((RaceStanding was, RaceStanding now) in before.Comparisons.Zip(state.Comparisons))
                {
                    Assert.True(was.Outcome is RaceOutcome.Open or RaceOutcome.Undecidable || was.Outcome == now.Outcome);
                    Assert.True(was.PSequential is null || now.PSequential <= was.PSequential);
                    if (was.Interval is { } old && now.Interval is { IsEmpty: false } young)
                        Assert.True(young.Low >= old.Low && young.High <= old.High);
                    if (now.Outcome == RaceOutcome.Called)
                        Assert.True(now.PAdjusted < 0.05 && now.Interval!.LeavesOutZero);
                }
            }
        }
    }

    /// <summary>The shares are what keeps the level: with every look at full level the same races call what isn't there.</summary>
    [Fact]
    public void Advance_WhenNothingDiffers_KeepsTheLevelThatPeekingLoses()
    {
        const int Races = 600, Comparisons = 24;
        RacePlan honest = Plan(Comparisons, new LookPlan(Seeds)), peeking = Plan(Comparisons, LookPlan.Peeking(Seeds)) with { Futility = false };
        int kept = 0, lost = 0;
        for (int race = 0; race < Races; race++)
        {
            PhiloxStream noise = new((ulong)race, NoisePurpose.Bootstrap, 23);
            double[] baseline = new double[20];
            noise.FillNormal(baseline);
            double[][] x = new double[Comparisons][];
            for (int i = 0; i < Comparisons; i++)
            {
                x[i] = new double[20];
                for (int s = 0; s < 20; s++)
                    x[i][s] = noise.NextNormal() - baseline[s];
            }

            kept += Calls(honest, x) ? 1 : 0;
            lost += Calls(peeking, x) ? 1 : 0;
        }

        Assert.True(kept <= 0.07 * Races, $"{kept} of {Races}");
        Assert.True(lost >= 0.11 * Races, $"{lost} of {Races}");

        static bool Calls(RacePlan plan, double[][] x)
        {
            RaceState state = RaceState.Start(plan);
            while (!state.IsFinished)
                state = Race.Advance(plan, state, Of(x, Seeds[state.Look]));
            return state.Comparisons.Any(c => c.Outcome == RaceOutcome.Called);
        }
    }

    private static RacePlan Plan(int comparisons, LookPlan looks) => new()
    {
        Looks = looks, Comparisons = [.. Enumerable.Range(0, comparisons).Select(i => new RaceEntry([0, i + 1]))],
    };

    private static Func<int, RaceSample> Of(double[][] x, int seeds) => i => new RaceSample(x[i][..seeds]);

    /// <summary>Twenty values around a mean.</summary>
    private static double[] Wave(double mean, int phase) => [.. Enumerable.Range(0, 20).Select(s => mean + Math.Sin((phase * 1.7) + (s * 2.3)))];
}
