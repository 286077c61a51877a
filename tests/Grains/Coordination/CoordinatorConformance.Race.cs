using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>
/// A race: trials of later looks are held, each look is judged once, with the trial that completes it, and decides which of them are queued and which aren't
/// needed.
/// </summary>
public abstract partial class CoordinatorConformance
{
    private const string Looks = "{looks: [2, 4, 6]}", NoFutility = "race: {futility: false}\n";

    [Fact]
    public async Task SubmitAsync_WhenItIsARace_HoldsTheLaterLooksSeeds()
    {
        SweepSpec race = await SubmitRace();

        Assert.Equal((8, 0, 16, 0, 24), await Counts(race));
        Lease[] leases = await LeaseMany(99);
        Assert.Equal([0L, 1], leases.Select(l => l.Trial.Seed).Distinct().Order());
        Assert.Equal(8, leases.Length);
        Assert.Empty(await LeaseMany(99));
        IReadOnlyList<TrialSummary> held = await Reader.TrialsAsync(race.Id, TrialStatus.Held, 0, 99, None);
        Assert.Equal([2L, 3, 4, 5], held.Select(t => t.Trial.Seed).Distinct().Order());
        Assert.Empty(await Reader.LooksAsync(race.Id, None));
    }

    [Fact]
    public async Task CompleteAsync_WhenNothingDiffers_RunsEveryLookAndCallsNothing()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        foreach (int look in new[] { 1, 2, 3 })
        {
            Lease[] leases = await LeaseMany(99);
            Assert.Equal([(2L * look) - 2, (2L * look) - 1], leases.Select(l => l.Trial.Seed).Distinct().Order());
            Assert.Equal(look - 1, (await Reader.LooksAsync(race.Id, None)).Count);
            await CompleteAll(leases, effect: 0);
            Assert.Equal(look, (await Reader.LooksAsync(race.Id, None)).Count);
        }

        Assert.Equal((0, 24, 0, 0, 24), await Counts(race));
        RaceState end = RaceJson.Read((await Reader.LooksAsync(race.Id, None))[^1].Decisions);
        Assert.All(end.Comparisons, c => Assert.Equal((RaceOutcome.Open, 3), (c.Outcome, c.P.Count)));
    }

    [Fact]
    public async Task CompleteAsync_WhenTheFirstLookDecidesAll_NeverRunsTheOthers()
    {
        SweepSpec race = await SubmitRace();
        await CompleteAll(await LeaseMany(99), effect: 1000);

        Assert.Empty(await LeaseMany(99));
        Assert.Equal((0, 8, 0, 16, 8), await Counts(race));
        JudgedLook look = Assert.Single(await Reader.LooksAsync(race.Id, None));
        Assert.All(RaceJson.Read(look.Decisions).Comparisons, c => Assert.Equal((RaceOutcome.Called, 1), (c.Outcome, c.DecidedAt)));
        SweepSummary sweep = (await Reader.FindAsync(race.Id, None))!;
        Assert.Equal((0, 3, 0, sweep.CostTotal), (sweep.Unfinished, sweep.Looks, sweep.Look, sweep.CostCompleted));
    }

    [Fact]
    public async Task RetryAsync_OfWhatFailed_NeverJudgesALookAgain()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        Lease[] leases = await LeaseMany(99);
        Lease bad = leases[0];
        await Coordinator.FailAsync(bad, new AttemptFailure(AttemptOutcome.Failed, "NaN") { MustRepeat = true }, None);
        await CompleteAll(leases[1..], effect: 0);

        JudgedLook first = Assert.Single(await Reader.LooksAsync(race.Id, None));
        Assert.Contains(RaceJson.Read(first.Decisions).Comparisons, c => c is { IsBroken: true, PSequential: null, PAdjusted: 1 });
        Assert.Equal(1, await Coordinator.RetryAsync(race.Id, [bad.Trial.Id], None));
        Lease again = Assert.Single(await LeaseMany(99, "b"), l => l.Trial.Id == bad.Trial.Id);
        Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(again, Result(again, 0), None));
        Assert.Equal([first], await Reader.LooksAsync(race.Id, None));
    }

    [Fact]
    public async Task CancelAsync_OfTheLastTrialOfALook_JudgesIt()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        Lease[] leases = await LeaseMany(7);
        await CompleteAll(leases, effect: 0);
        Assert.Empty(await Reader.LooksAsync(race.Id, None));
        TrialSummary last = Assert.Single(await Reader.TrialsAsync(race.Id, TrialStatus.Queued, 0, 9, None));

        Assert.Equal(1, await Coordinator.CancelAsync(race.Id, None, [last.Trial.Id]));
        RaceState state = RaceJson.Read(Assert.Single(await Reader.LooksAsync(race.Id, None)).Decisions);
        Assert.Contains(state.Comparisons, c => c.IsBroken);
        Assert.Contains(true, state.OpenGroups);
        Assert.Contains(await LeaseMany(99), l => l.Trial.Seed == 2);
    }

    [Fact]
    public async Task PauseAsync_WhenTrialsAreHeld_KeepsThemAndGoesOnAfterwards()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        Lease[] leases = await LeaseMany(99);
        await Coordinator.PauseAsync(race.Id, None);
        await CompleteAll(leases, effect: 0);
        Assert.Single(await Reader.LooksAsync(race.Id, None));
        Assert.Equal((8, 8, 8, 0, 24), await Counts(race));
        Assert.Empty(await LeaseMany(99));
        await Coordinator.ResumeAsync(race.Id, None);
        Assert.Equal(8, (await LeaseMany(99)).Length);
    }

    [Fact]
    public async Task RetryAsync_WhenAWholeRaceWasCancelled_GoesOnWhereItWas()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        await CompleteAll(await LeaseMany(3), effect: 0);

        Assert.Equal(21, await Coordinator.CancelAsync(race.Id, None));
        Assert.Empty(await Reader.LooksAsync(race.Id, None));
        Assert.Equal(21, await Coordinator.RetryAsync(race.Id, null, None));
        Assert.Equal((5, 3, 16, 0, 24), await Counts(race));
        await CompleteAll(await LeaseMany(99), effect: 0);
        Assert.Single(await Reader.LooksAsync(race.Id, None));
        Assert.Equal((8, 8, 8, 0, 24), await Counts(race));
    }

    [Fact]
    public async Task DeleteAsync_WhenTrialsAreHeldAndALookIsJudged_TakesAll()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        await CompleteAll(await LeaseMany(99), effect: 0);
        Assert.Equal(24, await Coordinator.DeleteAsync(race.Id, None));
        Assert.Empty(await Reader.ListAsync(None));
        Assert.Empty(await Reader.LooksAsync(race.Id, None));
    }

    [Theory]
    [InlineData("{looks: [2, 4, 6, 8]}", "[8, 16]", "race.looks: [2, 4, 6] → [2, 4, 6, 8]")]
    [InlineData("{looks: [2, 6]}", "[8, 16]", "race.looks: [2, 4, 6] → [2, 6]")]
    [InlineData("6", "[8, 16]", "race: ")]
    [InlineData(Looks, "[8, 16, 32]", "axes.width: [8, 16] → [8, 16, 32]")]
    public async Task SubmitAsync_WhenARaceIsChanged_RefusesItWithTheDifference(string seeds, string widths, string difference)
    {
        SweepSpec race = await SubmitRace();
        (SweepSpec other, TrialSpec[] trials) = Samples.Real(seeds: seeds, widths: widths);

        SpecChangedException e = await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(other, trials));
        Assert.Contains(difference, e.Message, StringComparison.Ordinal);
        Assert.Contains("before any result", e.Message, StringComparison.Ordinal);
        Assert.Equal((8, 0, 16, 0, 24), await Counts(race));
    }

    [Fact]
    public async Task SubmitAsync_OfARaceWithOtherNames_GoesOnWithIt()
    {
        SweepSpec race = await SubmitRace(NoFutility);
        await CompleteAll(await LeaseMany(99), effect: 0);
        (SweepSpec renamed, TrialSpec[] trials) = Samples.Real(seeds: Looks, dataset: "circle", more: NoFutility);

        Assert.Equal(new SubmitAnswer(renamed.Id, 0, 24), await SubmitReal(renamed, trials));
        Assert.Single(await Reader.LooksAsync(renamed.Id, None));
        await CompleteAll(await LeaseMany(99), effect: 0);
        Assert.Equal(2, (await Reader.LooksAsync(renamed.Id, None)).Count);
    }

    private async Task<SweepSpec> SubmitRace(string more = "")
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(seeds: Looks, more: more);
        await SubmitReal(spec, trials);
        return spec;
    }

    private async Task CompleteAll(Lease[] leases, double effect)
    {
        foreach (Lease lease in leases)
            Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(lease, Result(lease, effect), None));
    }

    /// <summary>Far below the truth level; better by an effect where the data are standardized; noise that follows from the seed and the width.</summary>
    private static TrialResult Result(Lease lease, double effect) => Samples.Result(
        -5000 + (lease.Trial.Preprocessing.Name == "standardize" ? effect : 0)
        + Math.Sin((7.3 * lease.Trial.Seed) + lease.Trial.Network.Width + (lease.Trial.Preprocessing.Name == "standardize" ? 2 : 0)));

    private async Task<(int Queued, int Completed, int Held, int Pruned, double Cost)> Counts(SweepSpec sweep)
    {
        SweepSummary summary = (await Reader.FindAsync(sweep.Id, None))!;
        return (summary.Queued, summary.Completed, summary.Held, summary.Pruned, summary.CostTotal);
    }
}
