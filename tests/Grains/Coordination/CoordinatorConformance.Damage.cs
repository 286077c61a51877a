using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>Rows that are not what was stored: each is its own trial's trouble, and none gives other numbers.</summary>
public abstract partial class CoordinatorConformance
{
    public static TheoryData<Forgery> ForgedResults => [.. Enum.GetValues<Forgery>().Except([Forgery.Spec, Forgery.SweepSpec, Forgery.Times, Forgery.State])];

    [Theory]
    [MemberData(nameof(ForgedResults))]
    public async Task Reader_WhenAStoredResultHasChanged_NamesItsTrialAndReadsTheOthers(Forgery forgery)
    {
        await Submit(3);
        for (int i = 0; i < 3; i++)
            await Coordinator.CompleteAsync(await LeaseOne(), Samples.Result(-1 - i), None);

        await Store.ForgeAsync(forgery, Samples.Trial(1).Id);

        List<DamagedTrial> damaged = [];
        List<CompletedTrial> sound = [];
        await foreach (CompletedTrial trial in Reader.CompletedAsync(_sweep.Id, damaged.Add, None))
            sound.Add(trial);
        Assert.Equal(Samples.Trial(1).Id, Assert.Single(damaged).Trial.Id);
        Assert.Equal([-1, -3], sound.Select(trial => trial.Result.Metrics["log_likelihood"].Value));
        TrialDetail detail = await Detail(1);
        Assert.Null(detail.Result);
        Assert.Null(detail.Summary.Metrics);
        Assert.Equal(damaged[0].Problem, detail.Summary.Damage);

        // Who asks for results of a page gets those that are sound; a page says which are not, as far as it has read them.
        Assert.Equal([0, 2], (await Store.Open().ResultsAsync(_sweep.Id, [0, 1, 2], null, None)).Keys.Order());
        IReadOnlyList<TrialSummary> page = await Reader.TrialsAsync(_sweep.Id, null, 0, 3, None);
        Assert.Equal(forgery != Forgery.CurvePoint, page[1].Damage is not null);
        Assert.Null(page[0].Damage);

        StoreException e = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (CompletedTrial _ in Reader.CompletedAsync(_sweep.Id, null, None))
            {
            }
        });
        Assert.Contains(Samples.Trial(1).Id, e.Message, StringComparison.Ordinal);

        Assert.Equal(1, await Coordinator.DiscardAsync(_sweep.Id, [Samples.Trial(1).Id], None));
        await Coordinator.CompleteAsync(await LeaseOne(), Samples.Result(-2), None);
        Assert.Equal(-2, (await Detail(1)).Result!.Metrics["log_likelihood"].Value);
    }

    [Fact]
    public async Task CompletedAsync_WhenACompletedTrialIsNoLongerFound_SaysSo()
    {
        await Submit(3);
        for (int i = 0; i < 3; i++)
            await Complete(await LeaseOne());

        await Store.ForgeAsync(Forgery.State, Samples.Trial(1).Id);

        StoreException e = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (CompletedTrial _ in Reader.CompletedAsync(_sweep.Id, _ => { }, None))
            {
            }
        });
        Assert.Contains("counts 3 completed trials and holds 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_WhenATimeIsOutOfRange_ShowsTheRestOfTheRow()
    {
        await Submit(1);
        await LeaseOne();

        await Store.ForgeAsync(Forgery.Times, Samples.Trial(0).Id);

        Assert.Equal(DateTimeOffset.MaxValue.Date, Assert.Single(await Reader.SilosAsync(None)).FirstSeen.Date);
        Assert.Equal("ring", Assert.Single(await Reader.ListAsync(None)).Name);
        Assert.Equal("a", Assert.Single((await Detail(0)).Attempts).Silo);
        Assert.Single(await Store.Open().RunningAsync(9, None));
    }

    [Fact]
    public async Task Reader_WhenATrialsStoredSpecHasChanged_MakesItAgainFromTheSweeps()
    {
        (SweepSpec sweep, TrialSpec[] trials) = Samples.Real();
        await Coordinator.SubmitAsync(sweep, trials.Select(trial => new PlannedTrial(trial, 1)), None);

        await Store.ForgeAsync(Forgery.Spec, trials[1].Id);

        Assert.Equal(TrialSpecJson.Write(trials[1]), TrialSpecJson.Write((await Reader.TrialsAsync(sweep.Id, null, 0, 9, None))[1].Trial));
        Assert.Equal(TrialSpecJson.Write(trials[1]), TrialSpecJson.Write((await Reader.TrialAsync(sweep.Id, trials[1].Id, None))!.Summary.Trial));
    }

    [Fact]
    public async Task LeaseAsync_WhenATrialsStoredSpecHasChanged_MakesItAgainFromTheSweeps()
    {
        (SweepSpec sweep, TrialSpec[] trials) = Samples.Real();
        await Coordinator.SubmitAsync(sweep, trials.Select(trial => new PlannedTrial(trial, 1)), None);

        await Store.ForgeAsync(Forgery.Spec, trials[0].Id);

        Lease lease = (await Coordinator.LeaseAsync(new LeaseRequest("a", 1), None))[0];
        Assert.Equal(TrialSpecJson.Write(trials[0]), TrialSpecJson.Write(lease.Trial));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task LeaseAsync_WhenATrialsSpecCannotBeHad_FailsItForGoodAndGivesTheNext(int most)
    {
        (SweepSpec sweep, TrialSpec[] trials) = Samples.Real();
        await Coordinator.SubmitAsync(sweep, trials.Select(trial => new PlannedTrial(trial, 1)), None);
        await Store.ForgeAsync(Forgery.Spec, trials[0].Id);
        await Store.ForgeAsync(Forgery.SweepSpec, trials[0].Id);

        IReadOnlyList<Lease> leases = await Coordinator.LeaseAsync(new LeaseRequest("a", most), None);

        Assert.Equal(trials[1].Id, leases[0].Trial.Id);
        Assert.DoesNotContain(leases, lease => lease.Trial.Id == trials[0].Id);
        SweepSummary summary = (await Reader.FindAsync(sweep.Id, None))!;
        Assert.Equal((1, leases.Count), (summary.Failed, summary.Running));
        Assert.Equal(new Dictionary<AttemptOutcome, int> { [AttemptOutcome.Failed] = 1 }, await Reader.CausesAsync(sweep.Id, None));
    }

    [Fact]
    public async Task SubmitAsync_WhenTheSweepsStoredSpecHasChanged_PutsItRight()
    {
        (SweepSpec sweep, TrialSpec[] trials) = Samples.Real();
        PlannedTrial[] planned = [.. trials.Select(trial => new PlannedTrial(trial, 1))];
        await Coordinator.SubmitAsync(sweep, planned, None);
        await Store.ForgeAsync(Forgery.SweepSpec, trials[0].Id);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => Reader.SpecAsync(sweep.Id, None));
        Assert.Contains("submit that spec again", e.Message, StringComparison.Ordinal);

        Assert.Equal(trials.Length, (await Coordinator.SubmitAsync(sweep, planned, None)).Existing);

        Assert.Equal(sweep.Resolved.ToJsonString(), (await Reader.SpecAsync(sweep.Id, None)).ResolvedJson);
    }
}
