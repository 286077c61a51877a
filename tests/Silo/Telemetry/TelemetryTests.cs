using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Preparation;
using Sweep.Silo.Telemetry;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>What a silo's work leaves in metrics and traces.</summary>
public sealed class TelemetryTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TrialSpec[] Trials = [.. TrialExpansion.Expand(SpecReader.ReadText(
        "sweep: s\nseeds: 1\naxes:\n  dataset: gmm-ring\n  width: 8\n  sampling.steps: [25, 30]\nnetwork: {hidden_layers: 1}\n"
        + "training: {steps: 400, batch: 32, points: 300}\nsampling: {samples: 64}\n",
        "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default).Spec!)];

    private readonly SqliteTestStore _store = new();
    private readonly Instruments _instruments = new();
    private readonly RecordingObserver _observer = new();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task RunAsync_WhenTrialsComplete_CountsThemAndTracesEachPhase()
    {
        using Scratch scratch = new();
        using SpanRecorder spans = new(_instruments);
        using MeasurementRecorder measured = new(_instruments);
        SiloOptions options = Options(scratch.Path);
        using var outer = new Activity("outer").Start();

        await RunAsync(Trials, new TrialRunner(options, TimeProvider.System), options);

        Assert.Equal(2, measured.Sum("sweep.trials.completed"));
        Assert.Equal(2, measured.Count("sweep.trial.duration", "sweep.attempt.outcome=completed"));

        // They differ in sampling alone: one network, one fit.
        Assert.Equal(400, measured.Sum("sweep.train.steps"));
        Assert.Equal((1, 1), (measured.Sum("sweep.training.cache.hits"), measured.Sum("sweep.preprocessing.cache.hits")));
        Assert.InRange(measured.Count("sweep.train.loss"), 1, 400);
        Assert.Equal(2, measured.Count("sweep.store.operation.duration", "sweep.store.operation=complete_and_lease"));
        Assert.Equal(2, measured.Count("sweep.lease.wait"));
        Assert.Equal((0, 1), (measured.Observe("sweep.slots.used"), measured.Observe("sweep.slots.limit")));
        Assert.All(measured.All, m => Assert.DoesNotContain("trial.id", m.Tags, StringComparison.Ordinal));

        Activity[] attempts = [.. spans.Ended.Where(s => s.OperationName == "attempt")];
        Assert.Equal(2, attempts.Select(a => a.TraceId).Distinct().Count());
        Assert.All(attempts, attempt =>
        {
            Assert.Equal(default, attempt.ParentSpanId);
            Assert.Equal(outer.TraceId, Assert.Single(attempt.Links).Context.TraceId);
            Assert.Equal("completed", attempt.GetTagItem("sweep.attempt.outcome"));
            Activity[] within = [.. spans.Ended.Where(s => s.TraceId == attempt.TraceId && s.ParentSpanId == attempt.SpanId).OrderBy(s => s.StartTimeUtc)];
            Assert.Equal(["lease", "dataset", "fit", "train", "sample", "evaluate", "commit"], within.Select(s => s.OperationName));
            Assert.All(within, s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
            Activity report = Assert.Single(spans.Ended, s => s.ParentSpanId == within[^1].SpanId);
            Assert.Equal("store complete_and_lease", report.OperationName);
        });
        Assert.Single(spans.Ended, s => s.OperationName == "train" && Equals(s.GetTagItem("sweep.reused"), true));
    }

    [Fact]
    public async Task RunAsync_WhenATrialFails_RecordsTheCauseOnItsSpans()
    {
        using SpanRecorder spans = new(_instruments);
        using MeasurementRecorder measured = new(_instruments);
        var runner = new FakeRunner((attempt, _) =>
        {
            attempt.Report(AttemptPhase.Dataset, 0);
            attempt.Report(AttemptPhase.Train, 0);
            throw new TrialFailedException("loss NaN at step 12");
        });

        await RunAsync([Samples.Trial(0)], runner, Options("unused"));

        // The same data and seed must fail again, so it is tried once.
        Assert.Equal(1, measured.Sum("sweep.attempts.ended", "sweep.attempt.outcome=failed"));
        Assert.Equal(0, measured.Sum("sweep.trials.completed"));
        foreach (string name in new[] { "attempt", "train" })
        {
            Activity failed = Assert.Single(spans.Ended, s => s.OperationName == name);
            Assert.Equal((ActivityStatusCode.Error, "loss NaN at step 12", "failed"),
                (failed.Status, failed.StatusDescription, failed.GetTagItem("error.type")));
        }

        Assert.All(spans.Ended.Where(s => s.OperationName == "dataset"), s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
    }

    [Fact]
    public async Task RunAsync_WhenNobodyListens_MakesNoSpans()
    {
        bool seen = false;
        var runner = new FakeRunner((attempt, _) =>
        {
            attempt.Report(AttemptPhase.Train, 0.5);
            seen |= Activity.Current is not null;
            return Samples.Result();
        });
        await RunAsync([Samples.Trial(0)], runner, Options("unused"));
        Assert.False(seen);
        Assert.Equal(AttemptOutcome.Completed, Assert.Single(_observer.Ends).Outcome);
    }

    [Fact]
    public async Task LeaseAsync_WhenTheStoreFails_MeasuresTheErrorAndPassesItOn()
    {
        using MeasurementRecorder measured = new(_instruments);
        (ICoordinator store, InterruptedStore control) = InterruptedStore.Around(_store.Connect());
        control.Down = true;
        var coordinator = new MeasuredCoordinator(store, _instruments, TimeProvider.System);
        await Assert.ThrowsAsync<StoreException>(() => coordinator.LeaseAsync(new LeaseRequest("a", 1), TestContext.Current.CancellationToken));
        Assert.Equal(1, measured.Count("sweep.store.operation.duration", "sweep.store.operation=lease,error.type=StoreException"));
        Assert.Equal(0, measured.Count("sweep.lease.wait"));
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenThereIsWorkAndWhenThereIsNot_MeasuresTheWaitFromTheReportOn()
    {
        using MeasurementRecorder measured = new(_instruments);
        var clock = new SteppedClock();
        ICoordinator store = _store.Connect();
        var coordinator = new MeasuredCoordinator(store, _instruments, clock);
        await store.SubmitAsync(Samples.Sweep("silo"), [new PlannedTrial(Samples.Trial(0), 1), new PlannedTrial(Samples.Trial(1), 1)], CancellationToken.None);
        LeaseRequest one = new("a", 1);
        Lease first = Assert.Single(await coordinator.LeaseAsync(one, CancellationToken.None));
        Assert.Equal(1, measured.Count("sweep.lease.wait"));

        // Work comes with the answer.
        Lease second =
            Assert.Single((await coordinator.CompleteAndLeaseAsync([new FinishedTrial(first, Samples.Result())], one, CancellationToken.None)).Leases);
        Assert.Equal(2, measured.Count("sweep.lease.wait"));

        // There is none; it comes 7 s later: the wait began with the report.
        Assert.Empty((await coordinator.CompleteAndLeaseAsync([new FinishedTrial(second, Samples.Result())], one, CancellationToken.None)).Leases);
        Assert.Equal(2, measured.Count("sweep.lease.wait"));
        double before = measured.Sum("sweep.lease.wait");
        clock.Seconds += 7;
        await store.SubmitAsync(Samples.Sweep("more"), [new PlannedTrial(Samples.Trial(2), 1)], CancellationToken.None);
        Assert.Single(await coordinator.LeaseAsync(one, CancellationToken.None));
        Assert.Equal((3, 7), (measured.Count("sweep.lease.wait"), measured.Sum("sweep.lease.wait") - before));
    }

    [Fact]
    public void ProgressAge_WhenAnAttemptStandsStill_GrowsUntilItMoves()
    {
        using MeasurementRecorder measured = new(_instruments);
        var clock = new SteppedClock();
        var observer = new TelemetryObserver(_observer, _instruments, Options("unused"), clock);
        var attempt = new AttemptProgress(
            new Lease { SweepId = "s", Trial = Samples.Trial(0), Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch);
        observer.Started(attempt);
        Assert.Equal(0, measured.Observe("sweep.attempt.progress.age"));
        clock.Seconds += 90;
        Assert.Equal(90, measured.Observe("sweep.attempt.progress.age"));
        attempt.Report(AttemptPhase.Train, 0.5);
        Assert.Equal(0, measured.Observe("sweep.attempt.progress.age"));
        clock.Seconds += 5;
        Assert.Equal(5, measured.Observe("sweep.attempt.progress.age"));
        observer.Ended(attempt, AttemptOutcome.Cancelled, null, null);
        Assert.Equal(0, measured.Observe("sweep.attempt.progress.age"));
    }

    [Fact]
    public void Of_WhenAskedTwice_IsTheSameForOneSweepAndAnotherForOthers()
    {
        Assert.Equal(SweepTrace.Of("0123456789abcdef"), SweepTrace.Of("0123456789abcdef"));
        Assert.NotEqual(SweepTrace.Of("0123456789abcdef").TraceId, SweepTrace.Of("0123456789abcdee").TraceId);

        // sha256("sweep 0123456789abcdef"), by coreutils: silos of every version must agree.
        Assert.Equal("91a155eff18007673fe12a82bbccc619", SweepTrace.Of("0123456789abcdef").TraceId.ToHexString());
    }

    private static SiloOptions Options(string artifacts) =>
        new() { Id = "test/1", Slots = 1, ArtifactsDirectory = artifacts, StopWhenIdle = true, HeartbeatEvery = TimeSpan.FromMilliseconds(20) };

    private async Task<string> RunAsync(TrialSpec[] trials, ITrialRunner runner, SiloOptions options)
    {
        ICoordinator store = _store.Connect();
        var coordinator = new MeasuredCoordinator(store, _instruments, TimeProvider.System);
        SubmitAnswer answer = await store.SubmitAsync(
            Samples.Sweep("silo"), trials.Select(t => new PlannedTrial(t, 1)), TestContext.Current.CancellationToken);
        var observer = new TelemetryObserver(_observer, _instruments, options, TimeProvider.System, new SweepTraces((ISweepReader)_store.Connect()).Of);
        await new SiloWorker(coordinator, runner, options, observer, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return answer.SweepId;
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
