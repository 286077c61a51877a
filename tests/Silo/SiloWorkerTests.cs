using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Silo.Preparation;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class SiloWorkerTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly SqliteTestStore _store = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _drain = new();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _drain.Dispose();
    }

    [Fact]
    public async Task RunAsync_WhenTrialsAreQueued_CompletesEachOnce()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(20);
        var runner = new FakeRunner();

        await Worker(coordinator, runner, slots: 3).RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(20, runner.Ran.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(20, runner.Ran.Count);
        Assert.Equal(20, runner.Forgotten.Count);
        Assert.Equal(20, (await SummaryAsync(coordinator, sweep)).Completed);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    public async Task RunAsync_WhenATrialKeepsFailing_TriesItOnceOrSpendsItsBudget(bool mustRepeat, int attempts)
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(4);
        string bad = Samples.Trial(1).Id;
        var runner = new FakeRunner((attempt, _) =>
            attempt.Lease.Trial.Id == bad ? throw new TrialFailedException("loss NaN at step 12") { MustRepeat = mustRepeat } : Samples.Result());

        await Worker(coordinator, runner).RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);

        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.Equal((3, 1), (summary.Completed, summary.Failed));
        Assert.Equal(attempts, runner.Ran.Count(id => id == bad));
        Assert.Contains(_observer.Ends, e => e.Outcome == AttemptOutcome.Failed && e.Message == "loss NaN at step 12");
    }

    [Fact]
    public async Task RunAsync_WhenAnotherSiloHoldsTheLastTrial_WaitsUntilItCannotComeBack()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(2);
        Lease[] held = [.. await coordinator.LeaseAsync(new LeaseRequest("other", 2), TestContext.Current.CancellationToken)];
        var runner = new FakeRunner();
        Task work = Worker(coordinator, runner, change: o => o with { PollEvery = TimeSpan.FromMilliseconds(20) }).RunAsync(_drain.Token);
        await coordinator.CompleteAsync(held[0], Samples.Result(), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(work.IsCompleted, "it left though the other's trial could come back");

        await coordinator.ReleaseAsync(held[1], AttemptOutcome.Preempted, TestContext.Current.CancellationToken);
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal([held[1].Trial.Id], runner.Ran);
        Assert.Equal(2, (await SummaryAsync(coordinator, sweep)).Completed);
    }

    [Fact]
    public async Task RunAsync_WhenTheSweepIsPaused_LeavesWhatIsQueued()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(2);
        await coordinator.PauseAsync(sweep, TestContext.Current.CancellationToken);
        await Worker(coordinator, new FakeRunner()).RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await SummaryAsync(coordinator, sweep)).Queued);
    }

    /// <param name="leaves">As in a cluster; else as embedded.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_WhenATrialStandsStill_GivesItsSlotUpAndFinishesTheRest(bool leaves)
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(4);
        string hung = Samples.Trial(0).Id;
        using var never = new ManualResetEventSlim();
        var runner = new FakeRunner((attempt, _) =>
        {
            if (attempt.Lease is { Attempt: 1 } lease && lease.Trial.Id == hung)
            {
                attempt.Report(AttemptPhase.Train, 0.5);
                never.Wait(CancellationToken.None);
            }

            // As long as it moves it may take its time.
            for (int i = 0; i < 20; i++)
            {
                attempt.Report(AttemptPhase.Train, i / 20.0);
                never.Wait(TimeSpan.FromMilliseconds(25), CancellationToken.None);
            }

            return Samples.Result();
        });
        SiloWorker worker = Worker(coordinator, runner, slots: 2, change: o => o with
        {
            StallAfter = TimeSpan.FromMilliseconds(300), StallCheckEvery = TimeSpan.FromMilliseconds(20), LeaveWhenStalled = leaves,
                PollEvery = TimeSpan.FromMilliseconds(20),
        });
        Task work = worker.RunAsync(_drain.Token);
        await UntilAsync("the trial was given up", () => worker.Stalled > 0);
        if (!leaves)
            await UntilAsync("the other slot did the rest", () => _observer.Ends.Count(e => e.Outcome == AttemptOutcome.Completed) == 4);
        else
            await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Contains(_observer.Ends, e => e.Outcome == AttemptOutcome.Stalled && e.Message!.Contains("no progress for", StringComparison.Ordinal));
        TrialDetail trial = (await ((ISweepReader)coordinator).TrialAsync(sweep, hung, TestContext.Current.CancellationToken))!;
        Assert.Equal(AttemptOutcome.Stalled, trial.Attempts[0].Outcome);
        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.True(leaves ? summary is { Running: 0, Queued: > 0 } : summary.Completed == 4, $"{summary}");
        await _drain.CancelAsync();
        never.Set();
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(AttemptOutcome.Stalled,
            (await ((ISweepReader)coordinator).TrialAsync(sweep, hung, TestContext.Current.CancellationToken))!.Attempts[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_WhenDrained_ReleasesWhatRuns()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(3);
        using var running = new SemaphoreSlim(0);
        var runner = new FakeRunner((_, cancel) =>
        {
            running.Release();
            cancel.WaitHandle.WaitOne(Limit);
            cancel.ThrowIfCancellationRequested();
            return Samples.Result();
        });

        Task work = Worker(coordinator, runner).RunAsync(_drain.Token);
        Assert.True(await running.WaitAsync(Limit, TestContext.Current.CancellationToken), "no attempt started");
        await _drain.CancelAsync();
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.Equal((0, 3, 0), (summary.Running, summary.Queued, summary.Completed));
        Assert.Equal(AttemptOutcome.Preempted, Assert.Single(_observer.Ends).Outcome);
    }

    [Fact]
    public async Task RunAsync_WhenTheSweepIsCancelled_StopsAtTheNextHeartbeat()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(2);
        using var running = new SemaphoreSlim(0);
        var runner = new FakeRunner((_, cancel) =>
        {
            running.Release();
            Assert.True(cancel.WaitHandle.WaitOne(Limit), "the heartbeat did not stop the attempt");
            cancel.ThrowIfCancellationRequested();
            return Samples.Result();
        });

        Task work = Worker(coordinator, runner).RunAsync(_drain.Token);
        Assert.True(await running.WaitAsync(Limit, TestContext.Current.CancellationToken), "no attempt started");
        await coordinator.CancelAsync(sweep, TestContext.Current.CancellationToken);
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await SummaryAsync(coordinator, sweep)).Cancelled);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(_observer.Ends).Outcome);
    }

    [Fact]
    public async Task RunAsync_WhenTheLeaseWasTaken_IsRefusedAndGoesOn()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(2);
        bool first = true;
        var runner = new FakeRunner((_, _) =>
        {
            if (!first)
                return Samples.Result();
            first = false;
            _store.Advance(new CoordinatorOptions().LeaseDuration * 2);

            // Another silo asks, which puts the expired trial back and leases it.
            IReadOnlyList<Lease> taken = coordinator.LeaseAsync(new LeaseRequest("other", 2), CancellationToken.None).GetAwaiter().GetResult();
            foreach (Lease lease in taken)
                Assert.Equal(ReportAnswer.Accepted, coordinator.CompleteAsync(lease, Samples.Result(), CancellationToken.None).GetAwaiter().GetResult());
            return Samples.Result();
        });

        // No heartbeat in time: the lease is lost while the attempt runs.
        await Worker(coordinator, runner, heartbeat: TimeSpan.FromHours(1)).RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Contains(_observer.Ends, e => e.Outcome == AttemptOutcome.Lost);
        Assert.Equal(2, (await SummaryAsync(coordinator, sweep)).Completed);
    }

    [Fact]
    public async Task RunAsync_WhenARunnerThrowsWhatNobodyForesaw_FailsThatTrialAndSaysWhere()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(3);
        string bad = Samples.Trial(1).Id;
        DirectoryInfo artifacts = Directory.CreateTempSubdirectory("sweep-artifacts-");
        try
        {
            var runner = new FakeRunner((attempt, _) => attempt.Lease.Trial.Id == bad ? throw new InvalidOperationException("a\ndefect") : Samples.Result());

            await Worker(coordinator, runner, change: o => o with { ArtifactsDirectory = artifacts.FullName })
                .RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);

            SweepSummary summary = await SummaryAsync(coordinator, sweep);
            Assert.Equal((2, 1), (summary.Completed, summary.Failed));
            string kept = Path.Combine(artifacts.FullName, bad, "exception.txt");
            string message = _observer.Ends.First(e => e.Outcome == AttemptOutcome.Failed).Message!;
            Assert.StartsWith("unexpected InvalidOperationException: a defect (in ", message, StringComparison.Ordinal);
            Assert.EndsWith($"; details: {kept}", message, StringComparison.Ordinal);
            Assert.Contains("   at Sweep.Tests.Silo.", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task RunAsync_WhenAResultCannotBeStored_FailsThatTrial()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(3);
        string bad = Samples.Trial(1).Id;
        var runner = new FakeRunner((attempt, _) => Samples.Result(attempt.Lease.Trial.Id == bad ? double.PositiveInfinity : -1));

        await Worker(coordinator, runner).RunAsync(_drain.Token).WaitAsync(Limit, TestContext.Current.CancellationToken);

        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.Equal((2, 1), (summary.Completed, summary.Failed));
        Assert.Contains("can't be stored: metric log_likelihood", Assert.Single(_observer.Ends, e => e.Outcome == AttemptOutcome.Failed).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WhenAHeartbeatThrowsWhatNobodyForesaw_SaysItOnceAndGoesOn()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(1);
        (ICoordinator broken, InterruptedStore control) = InterruptedStore.Around(coordinator);
        control.HeartbeatThrows = () => new InvalidCastException("a row of another kind");
        using var ended = new ManualResetEventSlim();
        var runner = new FakeRunner((_, _) =>
        {
            Assert.True(ended.Wait(Limit, CancellationToken.None), "the test did not end the attempt");
            return Samples.Result();
        });

        Task work = Worker(broken, runner).RunAsync(_drain.Token);
        await UntilAsync("three heartbeats failed", () => control.Heartbeats >= 3);
        control.HeartbeatThrows = null;
        int failed = control.Heartbeats;
        await UntilAsync("heartbeats go on", () => control.Heartbeats >= failed + 2);
        ended.Set();
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(1, (await SummaryAsync(coordinator, sweep)).Completed);
        Assert.Contains("unexpected InvalidCastException: a row of another kind", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WhenAnAttemptIgnoresTheDrain_GivesItsTrialBackInTime()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(2);
        using var running = new SemaphoreSlim(0);
        using var end = new ManualResetEventSlim();
        var runner = new FakeRunner((_, _) =>
        {
            running.Release();
            Assert.True(end.Wait(Limit, CancellationToken.None), "the test did not end the attempt");
            return Samples.Result();
        });

        Task work = Worker(coordinator, runner, change: o => o with { AbandonAfter = TimeSpan.FromMilliseconds(50) }).RunAsync(_drain.Token);
        Assert.True(await running.WaitAsync(Limit, TestContext.Current.CancellationToken), "no attempt started");
        await _drain.CancelAsync();
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.Equal((0, 2), (summary.Running, summary.Queued));

        // What it reports after all is refused.
        end.Set();
        await UntilAsync("the attempt ended", () => !_observer.Ends.IsEmpty);
        Assert.Equal(AttemptOutcome.Lost, Assert.Single(_observer.Ends).Outcome);
        Assert.Equal(0, (await SummaryAsync(coordinator, sweep)).Completed);
    }

    [Fact]
    public async Task RunAsync_WhenTheStoreIsUnreachableForAWhile_DeliversWhatItFinished()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(4);
        (ICoordinator interrupted, InterruptedStore control) = InterruptedStore.Around(coordinator);
        int ran = 0;
        var runner = new FakeRunner((_, _) =>
        {
            if (Interlocked.Increment(ref ran) == 2)
                control.Down = true;
            return Samples.Result();
        });

        Task work = Worker(interrupted, runner).RunAsync(_drain.Token);
        await UntilAsync("the silo has tried three times", () => control.Refused >= 3);
        control.Down = false;
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(4, (await SummaryAsync(coordinator, sweep)).Completed);
        Assert.Equal(4, ran);
    }

    [Fact]
    public async Task RunAsync_WhenArtifactsCannotBeWritten_LeasesNothingUntilTheyCan()
    {
        (ICoordinator coordinator, string sweep) = await SubmitAsync(4);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("sweep-artifacts-");
        try
        {
            // A file where the folder should be: not even root can write below it.
            string blocked = Path.Combine(scratch.FullName, "artifacts");
            await File.WriteAllTextAsync(blocked, "in the way", TestContext.Current.CancellationToken);
            int ran = 0;
            var runner = new FakeRunner((_, _) => Interlocked.Increment(ref ran) == 1 ? throw new IOException("No space left on device") : Samples.Result());

            Task work = Worker(coordinator, runner, change: o => o with { ArtifactsDirectory = blocked }).RunAsync(_drain.Token);
            await UntilAsync("the silo says so", () => !_observer.Warnings.IsEmpty);
            Assert.Equal(1, ran);
            Assert.Equal(0, (await SummaryAsync(coordinator, sweep)).Completed);
            File.Delete(blocked);
            await work.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }

        SweepSummary summary = await SummaryAsync(coordinator, sweep);
        Assert.Equal((4, 0), (summary.Completed, summary.Failed));
        Assert.Contains("No space left", Assert.Single(_observer.Ends, e => e.Outcome == AttemptOutcome.Failed).Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(string what, Func<bool> holds)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"waited {Limit} for: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private SiloWorker Worker(ICoordinator coordinator, ITrialRunner runner, int slots = 1, TimeSpan? heartbeat = null,
        Func<SiloOptions, SiloOptions>? change = null) => new(
        coordinator,
        runner,
        (change ?? (o => o))(new SiloOptions
        {
            Id = "test/1", Slots = slots, ArtifactsDirectory = "unused", StopWhenIdle = true, HeartbeatEvery = heartbeat ?? TimeSpan.FromMilliseconds(20),
        }),
        _observer,
        TimeProvider.System);

    private async Task<(ICoordinator Coordinator, string Sweep)> SubmitAsync(int trials)
    {
        ICoordinator coordinator = _store.Connect();
        SubmitAnswer answer = await coordinator.SubmitAsync(Samples.Sweep("silo"), Samples.Trials(trials), TestContext.Current.CancellationToken);
        return (coordinator, answer.SweepId);
    }

    private static async Task<SweepSummary> SummaryAsync(ICoordinator coordinator, string sweep) =>
        (await ((ISweepReader)coordinator).FindAsync(sweep, TestContext.Current.CancellationToken))!;
}
