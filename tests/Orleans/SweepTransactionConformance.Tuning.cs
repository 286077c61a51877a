using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>Settings are chosen once, with the result that completes the tuning, by whoever commits that, and alike whoever does.</summary>
public abstract partial class SweepTransactionConformance
{
    [Theory]
    [InlineData("trials: 3", 1, 32)]
    [InlineData("trials: 15, method: tpe, batch: 2", 4, 128)]
    public async Task CommitAsync_WhenTuningIsTakenUpAnewBetweenAnyTwoResults_DecidesAlike(string budget, int decisions, int count)
    {
        (IReadOnlyList<JudgedLook> straight, string[] trials) = await TuneAsync("straight", budget, one => one);
        (IReadOnlyList<JudgedLook> restarted, string[] others) = await TuneAsync("restarted", budget, one => null);
        Assert.Equal(decisions, straight.Count);
        Assert.Equal(straight.Select(l => (l.Look, l.Inputs, l.Decisions)), restarted.Select(l => (l.Look, l.Inputs, l.Decisions)));
        Assert.Equal(trials, others);
        Assert.Equal(count, trials.Distinct().Count());
    }

    /// <summary>What is suggested is what the arm's own results suggest, never twice the same, and what was submitted again goes on with it.</summary>
    [Fact]
    public async Task CommitAsync_WhenAStageOfAnEstimatorIsOver_QueuesWhatItSuggests()
    {
        const string Budget = "trials: 14, method: tpe, batch: 2";
        SweepSpec spec = await SubmitTunedAsync("stages", Budget);
        Assert.Equal((80, 40), Open((await _sql.FindAsync(spec.Id, None))!));
        SweepTransaction grain = new(spec.Id, _options);
        foreach (WireLease lease in await TakeAsync(grain, 1, 99))
            await DoAsync(grain, new CompleteOperation(Tried(lease)));
        Assert.Equal((16, 24), Open((await _sql.FindAsync(spec.Id, None))!));
        Assert.Equal(2, (await _sql.FindAsync(spec.Id, None))!.Look);

        SweepSpec again = await SubmitTunedAsync("stages", Budget);
        Assert.Equal((16, 24), Open((await _sql.FindAsync(again.Id, None))!));
        (string resolved, string source) = await _sql.SpecAsync(spec.Id, None);
        SweepSpec stored = SweepSpecJson.Restore(resolved, source);
        Assert.All(stored.Suggested!.Settings[0], arm => Assert.Equal(2, arm.Count));
        WireLease[] next = await TakeAsync(grain, 1, 99);
        TrialSpec[] all = [.. TrialExpansion.All(stored)];
        Assert.Equal(16, next.Length);
        Assert.All(next, l => Assert.Equal(TrialIdentity.Of(l.ToLease().Trial), l.TrialId));
        Assert.Equal(16, next.Select(l => l.TrialId).Intersect(all.Select(t => t.Id)).Count());
        foreach (WireLease lease in next)
            await DoAsync(grain, new CompleteOperation(Tried(lease)));
        while (await TakeAsync(grain, 1, 99) is { Length: > 0 } leases)
        {
            foreach (WireLease lease in leases)
                await DoAsync(grain, new CompleteOperation(Tried(lease)));
        }

        SweepSummary end = (await _sql.FindAsync(spec.Id, None))!;
        Assert.Equal((0, 0, 120, 120), (end.Unfinished, end.Look, end.Completed, end.Total));
        Assert.Equal([1, 2, 3], (await _sql.LooksAsync(spec.Id, None)).Select(l => l.Look));

        static (int Queued, int Held) Open(SweepSummary sweep) => (sweep.Queued, sweep.Held);
    }

    [Fact]
    public async Task CommitAsync_WhenTwoActivationsEndTuningAtOnce_ChoosesOnce()
    {
        SweepSpec spec = await SubmitTunedAsync("twice");
        SweepTransaction one = new(spec.Id, _options), two = new(spec.Id, _options);
        WireLease[] leases = await TakeAsync(one, 1, 99);
        foreach (WireLease lease in leases[2..])
            await DoAsync(one, new CompleteOperation(Tried(lease)));
        await DoAsync(two, new HeartbeatOperation("a", [Progress(leases[0])]));

        int[] answers = await Task.WhenAll(
            DoAsync(one, new CompleteOperation(Tried(leases[0]))), DoAsync(two, new CompleteOperation(Tried(leases[1]))));
        Assert.All(answers, a => Assert.Equal((int)ReportAnswer.Accepted, a));
        await DoAsync(one, one.CatchUp());
        await DoAsync(two, two.CatchUp());
        Assert.Single(await _sql.LooksAsync(spec.Id, None));
        Assert.Equal(8, (await _sql.FindAsync(spec.Id, None))!.Queued);

        // Either gives what was chosen, and no more than there is.
        WireLease[] confirming = [.. await TakeAsync(one, 1, 5), .. await TakeAsync(two, 2, 99)];
        Assert.Equal(8, confirming.Select(l => l.TrialId).Distinct().Count());
        Assert.All(confirming, l => Assert.Equal(TrialIdentity.Of(l.ToLease().Trial), l.TrialId));
    }

    [Fact]
    public async Task CatchUp_WhenTuningIsOverAndNobodyChose_Chooses()
    {
        SweepSpec spec = await SubmitTunedAsync("left");
        SweepTransaction one = new(spec.Id, _options);
        WireLease[] leases = await TakeAsync(one, 1, 99);
        foreach (WireLease lease in leases[1..])
            await DoAsync(one, new CompleteOperation(Tried(lease)));
        await ExecuteAsync($"UPDATE trials SET losses = 99 WHERE id = '{leases[0].TrialId}'");
        Assert.Equal(1, await _sql.ReclaimLeasesAsync("a", None));
        Assert.Empty(await _sql.LooksAsync(spec.Id, None));
        Assert.True(await _sql.MayComeAsync(new LeaseRequest("a", 1) { SweepId = spec.Id }, None));

        SweepTransaction next = new(spec.Id, _options);
        await DoAsync(next, next.CatchUp());
        await DoAsync(next, next.CatchUp());
        Assert.Single(await _sql.LooksAsync(spec.Id, None));
        Assert.Equal(8, (await TakeAsync(next, 2, 99)).Length);
    }

    private async Task<SweepSpec> SubmitTunedAsync(string name, string budget = "trials: 3")
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(
            name, more: $"tune: {{over: {{training.learning_rate: {{from: 1e-4, to: 1e-1, scale: log}}}}, {budget}, seeds: [10, 11]}}\n");
        await _sql.SubmitAsync(spec, trials.Select(t => new PlannedTrial(t, 1)), None);
        return spec;
    }

    /// <summary>From start to end: what was decided, and every trial that ran.</summary>
    /// <param name="keep">What goes on after each transaction; null for another activation.</param>
    private async Task<(IReadOnlyList<JudgedLook> Looks, string[] Trials)> TuneAsync(
        string name, string budget, Func<SweepTransaction, SweepTransaction?> keep)
    {
        SweepSpec spec = await SubmitTunedAsync(name, budget);
        SweepTransaction grain = new(spec.Id, _options);
        List<string> ran = [];
        while (await TakeAsync(grain, 1, 3) is { Length: > 0 } leases)
        {
            foreach (WireLease lease in leases)
            {
                ran.Add(lease.TrialId);
                grain = keep(grain) ?? new SweepTransaction(spec.Id, _options);
                Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(grain, new CompleteOperation(Tried(lease))));
            }
        }

        return (await _sql.LooksAsync(spec.Id, None), [.. ran.Order(StringComparer.Ordinal)]);
    }

    private static WireReport Tried(WireLease lease)
    {
        TrialSpec trial = lease.ToLease().Trial;
        double value = -9 + Math.Sin((7.3 * trial.Seed) + trial.Network.Width + (100 * trial.Training.LearningRate));
        return WireReport.Of(lease.ToLease(), AttemptOutcome.Completed, result: Samples.Result(value));
    }
}
