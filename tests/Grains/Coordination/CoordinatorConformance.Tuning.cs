using Sweep.Grains.Comparison.Tuning;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>
/// Tuned arms: what confirms a choice is held, and the choice is made once, with the result that completes the tuning, and makes these trials what they are.
/// </summary>
public abstract partial class CoordinatorConformance
{
    private const string Tune =
        "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, trials: 3, seeds: [10, 11]}\n";

    [Fact]
    public async Task SubmitAsync_WhenArmsAreTuned_HoldsWhatConfirms()
    {
        SweepSpec spec = await SubmitTuned();
        Assert.Equal((24, 0, 8, 0, 32), await Counts(spec));
        Lease[] leases = await LeaseMany(99);
        Assert.Equal([10L, 11], leases.Select(l => l.Trial.Seed).Distinct().Order());
        Assert.Equal(24, leases.Length);
        SweepSummary sweep = (await Reader.FindAsync(spec.Id, None))!;
        Assert.Equal((1, 1, 32), (sweep.Look, sweep.Looks, sweep.Total));
        Assert.Empty(await Reader.LooksAsync(spec.Id, None));
    }

    [Fact]
    public async Task CompleteAsync_OfTheLastTuningTrial_ChoosesAndQueuesWhatConfirms()
    {
        SweepSpec spec = await SubmitTuned();
        Lease[] leases = await LeaseMany(99);
        await CompleteTuning(leases[1..]);
        Assert.Empty(await Reader.LooksAsync(spec.Id, None));
        Assert.Empty(await LeaseMany(99));
        await CompleteTuning(leases[..1]);

        JudgedLook look = Assert.Single(await Reader.LooksAsync(spec.Id, None));
        Assert.Equal([[2, 2, 0, 0]], TuningResult.Read(look.Decisions).Chosen);
        SweepSpec tuned = await StoredSpec(spec);
        Assert.Equal([[2, 2, 0, 0]], tuned.Tuned!.Chosen);
        Lease[] confirming = await LeaseMany(99);
        Assert.Equal(TrialExpansion.Expand(tuned).Select(t => t.Id).Order(), confirming.Select(l => l.Trial.Id).Order());
        Assert.Equal(TrialExpansion.Expand(tuned).Select(TrialSpecJson.Write).Order(), confirming.Select(l => TrialSpecJson.Write(l.Trial)).Order());
        Assert.All(confirming, l => Assert.Equal(TrialIdentity.Of(l.Trial), l.Trial.Id));
        foreach (Lease lease in confirming)
            Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(lease, Result(lease, 0), None));
        Assert.Equal((0, 32, 0, 0, 32), await Counts(spec));
        SweepSummary sweep = (await Reader.FindAsync(spec.Id, None))!;
        Assert.Equal((0, 0, sweep.CostTotal), (sweep.Unfinished, sweep.Look, sweep.CostCompleted));
    }

    /// <summary>What it costs and needs isn't that of the setting that stood for it.</summary>
    [Fact]
    public async Task CompleteAsync_OfTheLastTuningTrial_KnowsWhatTheChosenSettingsCost()
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(
            more: "tune: {over: {training.batch: [64, 256, 1024]}, trials: 3, seeds: [10]}\n");
        await Coordinator.SubmitAsync(spec, trials.Select(t => new PlannedTrial(t, t.Training.Batch)), None);
        Lease[] leases = await LeaseMany(99);
        foreach (Lease lease in leases)
            await Coordinator.CompleteAsync(lease, Samples.Result(lease.Trial.Training.Batch == 1024 ? -1 : -50), None);
        Assert.Equal((4 * (64 + 256 + 1024)) + (8 * 1024.0), (await Reader.FindAsync(spec.Id, None))!.CostTotal);
        Assert.All(await LeaseMany(99), l => Assert.Equal(1024, l.Trial.Training.Batch));
    }

    [Fact]
    public async Task FailAsync_OfTuningTrials_TakesTheirSettingsForTheWorst()
    {
        SweepSpec spec = await SubmitTuned();
        Lease[] leases = await LeaseMany(99);
        TunePlan plan = TunePlan.Of(spec)!;
        double best = plan.Settings[0][2][0].GetValue<double>();
        foreach (Lease lease in leases.Where(l => l.Trial.Training.LearningRate == best && l.Trial.Preprocessing.Name == "none"))
            await Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, "NaN") { MustRepeat = true }, None);
        await CompleteTuning([.. leases.Where(l => l.Trial.Training.LearningRate != best || l.Trial.Preprocessing.Name != "none")]);
        Assert.Equal([[1, 1, 0, 0]], (await StoredSpec(spec)).Tuned!.Chosen);
        Assert.Equal(8, (await LeaseMany(99, "b")).Length);
    }

    [Fact]
    public async Task RetryAsync_OfATuningTrialThatFailed_NeverChoosesAgain()
    {
        SweepSpec spec = await SubmitTuned();
        Lease[] leases = await LeaseMany(99);
        await Coordinator.FailAsync(leases[0], new AttemptFailure(AttemptOutcome.Failed, "NaN") { MustRepeat = true }, None);
        await CompleteTuning(leases[1..]);
        JudgedLook look = Assert.Single(await Reader.LooksAsync(spec.Id, None));
        Assert.Equal(1, await Coordinator.RetryAsync(spec.Id, [leases[0].Trial.Id], None));
        Lease again = Assert.Single(await LeaseMany(99, "b"), l => l.Trial.Id == leases[0].Trial.Id);
        await CompleteTuning([again]);
        Assert.Equal([look], await Reader.LooksAsync(spec.Id, None));
    }

    [Fact]
    public async Task RetryAsync_WhenATunedSweepWasCancelledAsAWhole_GoesOnWhereItWas()
    {
        SweepSpec spec = await SubmitTuned();
        await CompleteTuning(await LeaseMany(5));
        Assert.Equal(27, await Coordinator.CancelAsync(spec.Id, None));
        Assert.Empty(await Reader.LooksAsync(spec.Id, None));
        Assert.Equal(27, await Coordinator.RetryAsync(spec.Id, null, None));
        Assert.Equal((19, 5, 8, 0, 32), await Counts(spec));
        await CompleteTuning(await LeaseMany(99));
        Assert.Equal([[2, 2, 0, 0]], (await StoredSpec(spec)).Tuned!.Chosen);
    }

    [Fact]
    public async Task CancelAsync_OfOneThatTunesAndOneThatConfirms_ChoosesWithoutTheOneAndMakesTheOtherWhatItIs()
    {
        SweepSpec spec = await SubmitTuned();
        string confirming = (await Reader.TrialsAsync(spec.Id, TrialStatus.Held, 0, 99, None))[0].Trial.Id;
        Lease[] leases = await LeaseMany(23);
        TrialSummary left = Assert.Single(await Reader.TrialsAsync(spec.Id, TrialStatus.Queued, 0, 99, None));
        Assert.Equal(1, await Coordinator.CancelAsync(spec.Id, None, [confirming]));
        await CompleteTuning(leases);
        Assert.Empty(await Reader.LooksAsync(spec.Id, None));
        Assert.Equal(1, await Coordinator.CancelAsync(spec.Id, None, [left.Trial.Id]));
        Assert.Single(await Reader.LooksAsync(spec.Id, None));

        TrialSummary cancelled = Assert.Single(await Reader.TrialsAsync(spec.Id, TrialStatus.Cancelled, 0, 99, None), t => t.Trial.Seed < 10);
        Assert.NotEqual(confirming, cancelled.Trial.Id);
        Assert.Equal(TrialIdentity.Of(cancelled.Trial), cancelled.Trial.Id);
        Assert.Equal(7, (await LeaseMany(99)).Length);
        Assert.Equal(1, await Coordinator.RetryAsync(spec.Id, [cancelled.Trial.Id], None));
        Assert.Single(await LeaseMany(99));
    }

    [Fact]
    public async Task SubmitAsync_OfATunedSweepAgain_FindsItBeforeAndAfterItHasChosen()
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(more: Tune);
        await SubmitReal(spec, trials);
        Assert.Equal(new SubmitAnswer(spec.Id, 0, 32), await SubmitReal(spec, trials));
        await CompleteTuning(await LeaseMany(99));
        Assert.Equal(new SubmitAnswer(spec.Id, 0, 32), await SubmitReal(spec, trials));
        (SweepSpec renamed, TrialSpec[] same) = Samples.Real(dataset: "circle", more: Tune);
        Assert.Equal(new SubmitAnswer(renamed.Id, 0, 32), await SubmitReal(renamed, same));

        // What is called otherwise is what was chosen.
        SweepSpec stored = await StoredSpec(renamed);
        Assert.Equal([[2, 2, 0, 0]], stored.Tuned!.Chosen);
        Lease[] confirming = await LeaseMany(99);
        Assert.All(confirming, l => Assert.Equal("circle", l.Trial.Dataset.Name));
        Assert.Equal(TrialExpansion.Expand(stored).Select(t => t.Id).Order(), confirming.Select(l => l.Trial.Id).Order());
    }

    [Theory]
    [InlineData("trials: 3", "trials: 4", "tune.trials: 3 → 4")]
    [InlineData("[10, 11]", "[10, 12]", "tune.seeds: [10, 11] → [10, 12]")]
    [InlineData(Tune, "", "tune: ")]
    public async Task SubmitAsync_WhenTuningIsChanged_RefusesItWithTheDifference(string before, string after, string difference)
    {
        SweepSpec spec = await SubmitTuned();
        (SweepSpec other, TrialSpec[] trials) = Samples.Real(more: Tune.Replace(before, after, StringComparison.Ordinal));
        SpecChangedException e = await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(other, trials));
        Assert.Contains(difference, e.Message, StringComparison.Ordinal);
        Assert.Contains("before any result", e.Message, StringComparison.Ordinal);
        Assert.Equal((24, 0, 8, 0, 32), await Counts(spec));
    }

    [Fact]
    public async Task SubmitAsync_OfATunedSweepWithMoreSeeds_IsRefused()
    {
        SweepSpec spec = await SubmitTuned();
        (SweepSpec other, TrialSpec[] trials) = Samples.Real(seeds: "3", more: Tune);
        Assert.Contains("is tuned, whose trials and comparisons are fixed before any result",
            (await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(other, trials))).Message, StringComparison.Ordinal);
        Assert.Equal((24, 0, 8, 0, 32), await Counts(spec));
    }

    /// <summary>Whoever asks for an axis' value asks for what is compared.</summary>
    [Fact]
    public async Task TrialsAsync_AtAPlace_HasNoTrialThatTunes()
    {
        SweepSpec spec = await SubmitTuned();
        TrialQuery query = new() { Places = [new OrdinalDigit(4, 2, 1) { Below = spec.ComparedCount }], Take = 99 };
        IReadOnlyList<TrialSummary> found = await Reader.TrialsAsync(spec.Id, query, None);
        Assert.Equal(4, found.Count);
        Assert.All(found, t => Assert.Equal(("standardize", false), (t.Trial.Preprocessing.Name, spec.IsTuning(t.Trial))));
        Assert.Equal((1, -1), (query.Places[0].Of(7), query.Places[0].Of(8)));
    }

    private async Task<SweepSpec> SubmitTuned()
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(more: Tune);
        await SubmitReal(spec, trials);
        return spec;
    }

    private async Task<SweepSpec> StoredSpec(SweepSpec spec)
    {
        (string resolved, string source) = await Reader.SpecAsync(spec.Id, None);
        return SweepSpecJson.Restore(resolved, source);
    }

    /// <summary>Without preprocessing a higher rate is better, else a lower one.</summary>
    private async Task CompleteTuning(Lease[] leases)
    {
        TunePlan plan = TunePlan.Of(Samples.Real(more: Tune).Sweep)!;
        double[] rates = [.. plan.Settings[0].Select(s => s[0].GetValue<double>())];
        foreach (Lease lease in leases)
        {
            int setting = Array.IndexOf(rates, lease.Trial.Training.LearningRate);
            double off = lease.Trial.Preprocessing.Name == "none" ? 2 - setting : setting;
            Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(lease, Samples.Result(-10 - off - (lease.Trial.Seed * 0.01)), None));
        }
    }
}
