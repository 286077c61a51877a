using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>A look is judged once, with the result that completes it, by whoever commits that, and alike whoever does.</summary>
public abstract partial class SweepTransactionConformance
{
    [Fact]
    public async Task CommitAsync_WhenARaceIsTakenUpAnewBetweenAnyTwoResults_DecidesAlike()
    {
        IReadOnlyList<JudgedLook> straight = await RaceAsync("straight", one => one);
        IReadOnlyList<JudgedLook> restarted = await RaceAsync("restarted", one => null);

        Assert.Equal(3, straight.Count);
        Assert.Equal(straight.Select(l => (l.Look, l.Inputs, l.Decisions)), restarted.Select(l => (l.Look, l.Inputs, l.Decisions)));
    }

    [Fact]
    public async Task CommitAsync_WhenTwoActivationsEndALookAtOnce_JudgesItOnce()
    {
        SweepSpec race = await SubmitAsync("twice");
        SweepTransaction one = new(race.Id, _options), two = new(race.Id, _options);
        WireLease[] leases = await TakeAsync(one, 1, 99);
        foreach (WireLease lease in leases[2..])
            await DoAsync(one, new CompleteOperation(Report(lease, 0)));
        await DoAsync(two, new HeartbeatOperation("a", [Progress(leases[0])]));

        int[] answers = await Task.WhenAll(
            DoAsync(one, new CompleteOperation(Report(leases[0], 0))), DoAsync(two, new CompleteOperation(Report(leases[1], 0))),
            Task.Run(() => DoAsync(two, new HeartbeatOperation("b", []))).ContinueWith(_ => (int)ReportAnswer.Accepted, TaskScheduler.Default));
        Assert.All(answers, a => Assert.Equal((int)ReportAnswer.Accepted, a));
        await DoAsync(one, one.CatchUp());
        await DoAsync(two, two.CatchUp());
        Assert.Equal(1, Assert.Single(await _sql.LooksAsync(race.Id, None)).Look);
        Assert.Equal(8, (await _sql.FindAsync(race.Id, None))!.Queued);
    }

    [Fact]
    public async Task CatchUp_WhenALookIsFullAndNobodyJudgedIt_JudgesIt()
    {
        SweepSpec race = await SubmitAsync("left");
        SweepTransaction one = new(race.Id, _options);
        WireLease[] leases = await TakeAsync(one, 1, 99);
        foreach (WireLease lease in leases[1..])
            await DoAsync(one, new CompleteOperation(Report(lease, 0)));

        // The last one's silo is gone, and time and again: ended beside the grain, as when a run begins that finds what an earlier one left.
        await ExecuteAsync($"UPDATE trials SET losses = 99 WHERE id = '{leases[0].TrialId}'");
        Assert.Equal(1, await _sql.ReclaimLeasesAsync("a", None));
        Assert.Empty(await _sql.LooksAsync(race.Id, None));
        SweepSummary left = (await _sql.FindAsync(race.Id, None))!;
        Assert.Equal((0, 0, 1, 16), (left.Queued, left.Running, left.Failed, left.Held));

        SweepTransaction next = new(race.Id, _options);
        await DoAsync(next, next.CatchUp());
        Assert.Single(await _sql.LooksAsync(race.Id, None));
        await DoAsync(next, next.CatchUp());
        Assert.Single(await _sql.LooksAsync(race.Id, None));

        // What the failed one was for has no test any more, and asks for no seeds.
        Assert.Equal(4, (await TakeAsync(next, 2, 99)).Length);
        Assert.Equal(8, (await _sql.FindAsync(race.Id, None))!.Pruned);
    }

    [Fact]
    public async Task MayComeAsync_WhileARaceHasALookToJudge_IsTrue()
    {
        SweepSpec race = await SubmitAsync("left");
        LeaseRequest mine = new("a", 1) { SweepId = race.Id };
        SweepTransaction one = new(race.Id, _options);
        WireLease[] leases;
        while ((leases = await TakeAsync(one, 1, 99)).Length > 0 && (await _sql.FindAsync(race.Id, None))!.Look < 3)
        {
            foreach (WireLease lease in leases)
                await DoAsync(one, new CompleteOperation(Report(lease, 0)));
            Assert.True(await _sql.MayComeAsync(mine, None));
        }

        // The last look's last trial ends beside the grain.
        foreach (WireLease lease in leases[1..])
            await DoAsync(one, new CompleteOperation(Report(lease, 0)));
        await ExecuteAsync($"UPDATE trials SET losses = 99 WHERE id = '{leases[0].TrialId}'");
        await _sql.ReclaimLeasesAsync("a", None);
        Assert.Equal(0, (await _sql.FindAsync(race.Id, None))!.Unfinished);
        Assert.True(await _sql.MayComeAsync(mine, None));

        await DoAsync(one, one.CatchUp());
        Assert.Equal(3, (await _sql.LooksAsync(race.Id, None)).Count);
        Assert.False(await _sql.MayComeAsync(mine, None));
    }

    private async Task<SweepSpec> SubmitAsync(string name)
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(name, seeds: "{looks: [2, 4, 6]}", more: "race: {futility: false}\n");
        await _sql.SubmitAsync(spec, trials.Select(t => new PlannedTrial(t, 1)), None);
        return spec;
    }

    /// <summary>From start to end.</summary>
    /// <param name="keep">What goes on after each transaction; null for another activation.</param>
    private async Task<IReadOnlyList<JudgedLook>> RaceAsync(string name, Func<SweepTransaction, SweepTransaction?> keep)
    {
        SweepSpec race = await SubmitAsync(name);
        SweepTransaction grain = new(race.Id, _options);
        while (await TakeAsync(grain, 1, 3) is { Length: > 0 } leases)
        {
            foreach (WireLease lease in leases)
            {
                grain = keep(grain) ?? new SweepTransaction(race.Id, _options);
                Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(grain, new CompleteOperation(Report(lease, 1))));
            }
        }

        return await _sql.LooksAsync(race.Id, None);
    }

    /// <param name="effect">Of standardized data, small beside the noise.</param>
    private static WireReport Report(WireLease lease, double effect)
    {
        TrialSpec trial = lease.ToLease().Trial;
        bool better = trial.Preprocessing.Name == "standardize";
        double value = -5000 + (better ? effect : 0) + Math.Sin((7.3 * trial.Seed) + trial.Network.Width + (better ? 2 : 0));
        return WireReport.Of(lease.ToLease(), AttemptOutcome.Completed, result: Samples.Result(value));
    }
}
