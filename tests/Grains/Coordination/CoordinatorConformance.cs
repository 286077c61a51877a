using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>What ICoordinator and ISweepReader promise, for every store. A store adds a subclass of one line.</summary>
public abstract partial class CoordinatorConformance : WorkConformance
{
    [Fact]
    public async Task SubmitAsync_WhenRepeated_AddsNothing()
    {
        Assert.Equal(new SubmitAnswer(_sweep.Id, 3, 0), await Submit(3));
        await Complete(await LeaseOne());

        Assert.Equal(new SubmitAnswer(_sweep.Id, 0, 3), await Submit(3));

        await AssertCounts(queued: 2, completed: 1);
    }

    [Fact]
    public async Task SubmitAsync_WhenTheSpecChanged_IsRefusedWithTheDifference()
    {
        await Submit(1);

        SpecChangedException e = await Assert.ThrowsAsync<SpecChangedException>(
            () => Coordinator.SubmitAsync(Samples.Sweep("ring", steps: 8000), Samples.Trials(3).Skip(1), None));

        Assert.Contains("training.steps: 4000 → 8000", e.Message, StringComparison.Ordinal);
        Assert.Contains("none of its trials", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("batch", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Summary()).Total);
    }

    [Fact]
    public async Task SubmitAsync_WhenTheTrialsChanged_IsRefused()
    {
        await Submit(2);
        await Assert.ThrowsAsync<SpecChangedException>(() => Submit(3));
        await Assert.ThrowsAsync<SpecChangedException>(() => Submit(1));
        await Assert.ThrowsAsync<SpecChangedException>(
            () => Coordinator.SubmitAsync(_sweep, [new(Samples.Trial(0), 1), new(Samples.Trial(5), 1)], None));
    }

    [Fact]
    public async Task SubmitAsync_WhenALimitWasChanged_LeasesWithTheNewOne()
    {
        await Submit(1);
        SweepSpec other = _sweep with { Resolved = new JsonObject { ["limits"] = new JsonObject { ["trial"] = "90s" } } };
        TrialSpec trial = Samples.Trial(0) with { StallAfter = TimeSpan.FromSeconds(90) };

        Assert.Equal(new SubmitAnswer(_sweep.Id, 0, 1), await Coordinator.SubmitAsync(other, [new(trial, 1)], None));
        Assert.Equal(TimeSpan.FromSeconds(90), (await LeaseOne()).Trial.StallAfter);
    }

    [Fact]
    public async Task SubmitAsync_WhenTheDataWasMoved_LeasesTheNewPlace()
    {
        await Submit(1);
        SweepSpec moved = _sweep with { Resolved = new JsonObject { ["path"] = "/new/wine.csv" } };
        TrialSpec trial = Samples.Trial(0);
        trial = trial with { Dataset = trial.Dataset with { Parameters = new JsonObject { ["path"] = "/new/wine.csv" } } };

        Assert.Equal(new SubmitAnswer(_sweep.Id, 0, 1), await Coordinator.SubmitAsync(moved, [new(trial, 1)], None));

        Assert.Equal("/new/wine.csv", (string?)(await LeaseOne()).Trial.Dataset.Parameters["path"]);
        Assert.Contains("/new/wine.csv", (await Reader.SpecAsync(_sweep.Id, None)).ResolvedJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_WhenExpectationsChange_RemembersHowMuchWasKnown()
    {
        await Coordinator.SubmitAsync(Expecting("< 1"), Samples.Trials(2), None);
        await Complete(await LeaseOne());

        Assert.Equal(new SubmitAnswer(_sweep.Id, 0, 2), await Coordinator.SubmitAsync(Expecting("< 1", "< 2"), Samples.Trials(2), None));
        Assert.Equal([0, 1], (await Stored()).Select(e => e["registered"]!["completed"]!.GetValue<long>()));

        await Coordinator.SubmitAsync(Expecting("< 2"), Samples.Trials(2), None);
        Assert.Equal([1], (await Stored()).Select(e => e["registered"]!["completed"]!.GetValue<long>()));
        Assert.Equal(["< 1"], (await Stored("expect_withdrawn")).Select(e => e["is"]!.GetValue<string>()));
        await AssertCounts(queued: 1, completed: 1);

        SweepSpec Expecting(params string[] conditions)
        {
            JsonObject resolved = _sweep.Resolved.DeepClone().AsObject();
            resolved["expect"] = new JsonArray([.. conditions.Select(c => new JsonObject { ["claim"] = c, ["metric"] = "energy_distance", ["is"] = c })]);
            return _sweep with { Resolved = resolved };
        }

        async Task<IEnumerable<JsonNode>> Stored(string key = "expect") =>
            JsonNode.Parse((await Reader.SpecAsync(_sweep.Id, None)).ResolvedJson)![key]!.AsArray().Select(e => e!);
    }

    [Fact]
    public async Task SubmitAsync_WhenItFailsHalfWay_LeavesNothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.SubmitAsync(_sweep, [.. Samples.Trials(3), new(Samples.Trial(1), 1)], None));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.SubmitAsync(_sweep, [new(Samples.Trial(1), double.NaN)], None));

        Assert.Empty(await Reader.ListAsync(None));
        Assert.Equal(3, (await Submit(3)).Added);
    }

    [Fact]
    public async Task SubmitAsync_WhenTwoSweepsShareTrials_KeepsThemApart()
    {
        await Submit(2);
        SubmitAnswer answer = await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(2), None);
        Assert.Equal(2, answer.Added);

        Lease lease = await LeaseOne();
        await Complete(lease);

        Assert.Equal(_sweep.Id, lease.SweepId);
        Assert.Equal(1, (await Summary()).Completed);
        Assert.Equal(0, (await Reader.FindAsync("other", None))!.Completed);
    }

    [Fact]
    public async Task PauseAsync_WhenRunning_GivesNoLeasesAndTellsTheSilos()
    {
        await Submit(2);
        Lease lease = await LeaseOne();

        await Coordinator.PauseAsync(_sweep.Id, None);

        Assert.Empty(await LeaseMany(1));
        Assert.Equal(HeartbeatAnswer.Paused, await Beat(lease));
        Assert.True((await Summary()).Paused);
        await Coordinator.ReleaseAsync(lease, AttemptOutcome.Preempted, None);
        await Coordinator.ResumeAsync(_sweep.Id, None);
        Assert.Equal(2, (await LeaseMany(5)).Length);
    }

    [Fact]
    public async Task CancelAsync_WhenRunning_CancelsQueuedNowAndRunningAtTheirReport()
    {
        await Submit(5);
        Lease[] leases = await LeaseMany(4);
        await Complete(leases[0]);

        await Coordinator.CancelAsync(_sweep.Id, None);

        await AssertCounts(running: 3, completed: 1, cancelled: 1);
        Assert.Equal(HeartbeatAnswer.Cancelled, await Beat(leases[1]));
        Assert.Equal(ReportAnswer.Accepted, await Coordinator.ReleaseAsync(leases[1], AttemptOutcome.Cancelled, None));
        Assert.Equal(ReportAnswer.Accepted, await Complete(leases[2]));
        Store.Advance(Past);
        Assert.Empty(await LeaseMany(5));
        await AssertCounts(completed: 2, cancelled: 3);
    }

    [Fact]
    public async Task CancelAsync_WhenTrialsAreNamed_LeavesTheOthers()
    {
        await Submit(5);
        Lease[] leases = await LeaseMany(2);
        await Complete(leases[0]);

        Assert.Equal(2, await Coordinator.CancelAsync(_sweep.Id, None, [leases[0].Trial.Id, leases[1].Trial.Id, Samples.Trial(4).Id, "none"]));

        await AssertCounts(queued: 2, running: 1, completed: 1, cancelled: 1);
        Assert.Equal(HeartbeatAnswer.Cancelled, await Beat(leases[1]));
        Assert.Equal(TrialStatus.Cancelled, (await Detail(4)).Summary.State);
    }

    [Fact]
    public async Task CancelAsync_WhenBudgetsAreUsed_KeepsThem()
    {
        await Submit(2);
        await Fail(await LeaseOne());
        Assert.Equal(2, await Coordinator.CancelAsync(_sweep.Id, None));
        await AssertCounts(cancelled: 2);
        Assert.Equal([0, 1], new[] { (await Detail(0)).Summary.Failures, (await Detail(1)).Summary.Failures }.Order());
    }

    [Fact]
    public async Task DeleteAsync_WhileTrialsRunAndOthersAreDone_LeavesNothingOfTheSweepAndFencesThem()
    {
        await Submit(4);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), [new PlannedTrial(Samples.Trial(3), 1), new PlannedTrial(Samples.Trial(9), 1)], None);
        Lease[] leases = [.. await Coordinator.LeaseAsync(new LeaseRequest("a", 4) { SweepId = _sweep.Id }, None)];
        await Complete(leases[0]);
        await Fail(leases[1]);

        Assert.Equal(4, await Coordinator.DeleteAsync(_sweep.Id, None));

        Assert.Null(await Reader.FindAsync(_sweep.Id, None));
        Assert.Equal("other", Assert.Single(await Reader.ListAsync(None)).Name);
        Assert.Equal(HeartbeatAnswer.Lost, await Beat(leases[2]));
        Assert.Equal(ReportAnswer.Stale, await Complete(leases[2]));
        Assert.Equal(ReportAnswer.Stale, await Fail(leases[3]));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.PauseAsync(_sweep.Id, None));

        // What silos keep of its trials goes, but not of one that another sweep has too.
        IReadOnlyList<DeletedTrial> deleted = await Reader.DeletedAsync(null, 10, None);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => Samples.Trial(i).Id).Order(StringComparer.Ordinal), deleted.Select(d => d.Id));
        Assert.Equal(deleted.Skip(2), await Reader.DeletedAsync(deleted[1], 10, None));

        // The same again is another sweep: nothing is there but the log, and its files may stay.
        Assert.Equal((4, 0), (await Submit(4)) is var again ? (again.Added, again.Existing) : default);
        await AssertCounts(queued: 4);
        Assert.Empty((await Detail(0)).Attempts);
        Assert.Empty(await Reader.DeletedAsync(null, 10, None));
        Assert.Equal([(OperatorVerb.Delete, "ring")], (await Reader.RequestsAsync(_sweep.Id, 10, None)).Select(r => (r.Request.Verb, r.SweepName)));
        Assert.Equal(4, (await Coordinator.LeaseAsync(new LeaseRequest("a", 9) { SweepId = _sweep.Id }, None)).Count);
    }

    [Fact]
    public async Task RequestAsync_WhenWrittenAgain_IsCarriedOutOnce()
    {
        await Submit(2);
        OperatorRequest cancel = OperatorRequest.Cancel(_sweep.Id);
        RequestRecord first = await Coordinator.RequestAsync(cancel, Past, None);
        Assert.Equal(2, await Coordinator.RetryAsync(_sweep.Id, null, None));

        // Its answer was lost.
        RequestRecord again = await Coordinator.RequestAsync(cancel, Past, None);

        Assert.Equal((2, first.Done, first.Asked), (again.Count, again.Done, again.Asked));
        await AssertCounts(queued: 2);
    }

    [Fact]
    public async Task RequestsAsync_WhenOperatorsAsked_SaysWhatAndWhenTheLatestFirst()
    {
        await Submit(3);
        await Coordinator.PauseAsync(_sweep.Id, None);
        Store.Advance(TimeSpan.FromSeconds(5));
        await Coordinator.PauseAsync(_sweep.Id, None);
        await Coordinator.CancelAsync(_sweep.Id, None, [Samples.Trial(1).Id]);
        await Coordinator.UnquarantineAsync("nobody", None);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1), None);
        await Coordinator.ResumeAsync(Samples.Sweep("other").Id, None);

        IReadOnlyList<RequestRecord> log = await Reader.RequestsAsync(_sweep.Id, 10, None);

        Assert.Equal(
            [(OperatorVerb.Unquarantine, 0), (OperatorVerb.Cancel, 1), (OperatorVerb.Pause, 0), (OperatorVerb.Pause, 1)],
                log.Select(r => (r.Request.Verb, r.Count)));
        Assert.Equal([Samples.Trial(1).Id], log[1].Request.Trials);
        Assert.Equal("nobody", log[0].Request.Silo);
        Assert.Equal(TimeSpan.FromSeconds(5), log[2].Asked - log[3].Asked);
        Assert.All(log, r => Assert.True(r is { Done: not null, Refused: null, Who.Length: > 0 }));
        Assert.Equal(2, (await Reader.RequestsAsync(_sweep.Id, 2, None)).Count);
    }

    [Fact]
    public async Task NoteAsync_WhenAsked_IsTheSweepsUntilAnotherTakesItsPlaceAndChangesNothingElse()
    {
        await Submit(2);
        await Coordinator.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1), None);
        SweepSummary before = (await Reader.FindAsync(_sweep.Id, None))!;
        Assert.Null(before.Note);
        Lease lease = await LeaseOne();
        SweepNote note = SweepNote.Of("for the paper:\n\"quoted\", <b>, é, 図", ["paper", "width 64"]);

        Assert.True(await Coordinator.NoteAsync(_sweep.Id, note, None));
        Assert.False(await Coordinator.NoteAsync(_sweep.Id, note with { }, None));

        SweepSummary noted = (await Reader.FindAsync(_sweep.Id, None))!;
        Assert.Equal(before with { Note = note, Queued = 1, Running = 1, Host = noted.Host }, noted);
        Assert.Equal([note, null], (await Reader.ListAsync(None)).Select(s => s.Note));
        Assert.Equal(note, (await Reader.RequestsAsync(_sweep.Id, 1, None))[0].Request.Note);
        Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(lease, Samples.Result(), None));

        Assert.True(await Coordinator.NoteAsync(_sweep.Id, SweepNote.Of("", ["done"]), None));
        Assert.Equal(SweepNote.Of(null, ["done"]), (await Reader.FindAsync(_sweep.Id, None))!.Note);
        Assert.True(await Coordinator.NoteAsync(_sweep.Id, SweepNote.None, None));
        Assert.Null((await Reader.FindAsync(_sweep.Id, None))!.Note);
        await AssertCounts(queued: 1, completed: 1);
    }

    [Fact]
    public async Task RetryAsync_WhenFailedOrCancelled_QueuesWithAFreshBudget()
    {
        await Submit(3);
        for (int i = 0; i < 3; i++)
            await Fail(await LeaseOne());
        await Complete(await LeaseOne());
        await Coordinator.CancelAsync(_sweep.Id, None);
        await AssertCounts(completed: 1, failed: 1, cancelled: 1);

        Assert.Equal(1, await Coordinator.RetryAsync(_sweep.Id, [Samples.Trial(0).Id, Samples.Trial(1).Id, "none"], None));
        await AssertCounts(queued: 1, completed: 1, cancelled: 1);
        Assert.Equal(1, await Coordinator.RetryAsync(_sweep.Id, null, None));
        await AssertCounts(queued: 2, completed: 1);

        for (int i = 0; i < 2; i++)
            await Fail(await LeaseOne());
        await AssertCounts(queued: 2, completed: 1);
        Assert.Equal([false, false, false, true, true], (await Detail(0)).Attempts.Select(attempt => attempt.Charged));
    }

    [Fact]
    public async Task RetryAsync_WhenCancellingStill_GoesOn()
    {
        await Submit(1);
        Lease lease = await LeaseOne();
        await Coordinator.CancelAsync(_sweep.Id, None);

        Assert.Equal(1, await Coordinator.RetryAsync(_sweep.Id, null, None));

        Assert.Equal(HeartbeatAnswer.Renewed, await Beat(lease));
    }

    [Fact]
    public async Task DiscardAsync_WhenCompleted_RunsItAgainAndLeavesTheOthers()
    {
        await Submit(3);
        await Coordinator.CompleteAsync(await LeaseOne(), Samples.Result(-1), None);
        await Coordinator.CompleteAsync(await LeaseOne(), Samples.Result(-2), None);

        Assert.Equal(1, await Coordinator.DiscardAsync(_sweep.Id, [Samples.Trial(0).Id, Samples.Trial(2).Id, "none"], None));

        await AssertCounts(queued: 2, completed: 1);
        Assert.Equal(1, (await Summary()).CostCompleted);
        Assert.Null((await Detail(0)).Result);
        Assert.Equal(-2, (await Detail(1)).Result!.Metrics["log_likelihood"].Value);
        Assert.Equal(ReportAnswer.Accepted, await Coordinator.CompleteAsync(await LeaseOne(), Samples.Result(-3), None));
        Assert.Equal(-3, (await Detail(0)).Result!.Metrics["log_likelihood"].Value);
        Assert.Equal([AttemptOutcome.Completed, AttemptOutcome.Completed], (await Detail(0)).Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task Operations_WhenTheSweepIsUnknown_Throw()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.PauseAsync("none", None));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.ResumeAsync("none", None));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.CancelAsync("none", None));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.RetryAsync("none", null, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Coordinator.DiscardAsync("none", [], None));
    }

    [Fact]
    public async Task SubmitAsync_WhenCalledInATrace_KeepsTheContextOfTheFirstCall()
    {
        string first;
        using (Activity launch = new Activity("launch").Start())
        {
            first = launch.Id!;
            await Submit(1);
        }

        using (new Activity("again").Start())
            await Submit(1);
        Assert.Equal(first, (await Reader.FindAsync("ring", None))!.Trace);
    }

    [Fact]
    public async Task SubmitAsync_WhenCalledInNoTrace_KeepsNone()
    {
        Activity.Current = null;
        await Submit(1);
        Assert.Null((await Reader.FindAsync("ring", None))!.Trace);
    }

    [Fact]
    public async Task Reader_WhenTheSweepIsThere_ShowsItsSpecPagesAndResults()
    {
        await Submit(600);
        Lease[] leases = await LeaseMany(599);
        foreach (Lease lease in leases.Reverse())
            await Complete(lease);

        SweepSummary summary = (await Reader.FindAsync("ring", None))!;
        Assert.Equal((600, 600.0, 599.0, Store.Now), (summary.Total, summary.CostTotal, summary.CostCompleted, summary.Submitted));
        Assert.Equal(_sweep.Id, Assert.Single(await Reader.ListAsync(None)).Id);
        Assert.Null(await Reader.FindAsync("none", None));
        (string resolved, string source) = await Reader.SpecAsync(_sweep.Id, None);
        Assert.True(JsonNode.DeepEquals(_sweep.Resolved, JsonNode.Parse(resolved)));
        Assert.Equal(_sweep.Source, source);

        IReadOnlyList<TrialSummary> page = await Reader.TrialsAsync(_sweep.Id, null, 595, 10, None);
        Assert.Equal([595, 596, 597, 598, 599], page.Select(trial => trial.Trial.Seed));
        Assert.Equal(599, Assert.Single(await Reader.TrialsAsync(_sweep.Id, TrialStatus.Queued, 0, 10, None)).Trial.Seed);
        Assert.Equal([3, 4], (await Reader.TrialsAsync(_sweep.Id, TrialStatus.Completed, 3, 2, None)).Select(trial => trial.Trial.Seed));
        Assert.Equal(600, (await Reader.TrialsAsync(_sweep.Id, null, 0, int.MaxValue, None)).Count);

        List<CompletedTrial> completed = [];
        await foreach (CompletedTrial trial in Reader.CompletedAsync(_sweep.Id, null, None))
            completed.Add(trial);
        Assert.Equal(Enumerable.Range(0, 599).Select(i => (long)i), completed.Select(trial => trial.Trial.Seed));
        Assert.All(completed, trial => Assert.Equal(2, trial.Result.Curves.Count));
    }

    [Fact]
    public async Task TrialAsync_WhenAPrefix_FindsOneOrSaysWhy()
    {
        await Submit(40);
        string id = Samples.Trial(7).Id;

        Assert.Equal(id, (await Reader.TrialAsync(_sweep.Id, id[..12], None))!.Summary.Trial.Id);
        Assert.Null(await Reader.TrialAsync(_sweep.Id, "zz", None));

        // 40 ids, 16 first digits: some digit starts two.
        string shared = Samples.Trials(40).GroupBy(trial => trial.Trial.Id[..1], StringComparer.Ordinal).First(group => group.Count() > 1).Key;
        await Assert.ThrowsAsync<ArgumentException>(() => Reader.TrialAsync(_sweep.Id, shared, None));
    }
}
