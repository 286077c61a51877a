using System.Collections.Concurrent;
using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// The lease loop: one thread per slot leases a trial, runs it, reports it, until there is no more work or the silo drains. One heartbeat task renews
/// all leases. Cancelling <c>drain</c> stops leasing; running attempts are checkpointed and released as preempted.
/// </summary>
public sealed class SiloWorker(ICoordinator coordinator, ITrialRunner runner, SiloOptions options, ISiloObserver observer, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Sweep, string Trial), RunningAttempt> _running = new();

    /// <summary>Attempts running now.</summary>
    public IEnumerable<AttemptProgress> Running => _running.Values.Select(r => r.Progress).OrderBy(p => p.Started);

    /// <summary>Works until idle (if so asked) or drained. Store failures are ridden out; anything else that is not a trial's fault ends the silo with its exception.</summary>
    public async Task RunAsync(CancellationToken drain)
    {
        using var stop = new CancellationTokenSource();
        Task heartbeat = HeartbeatLoopAsync(stop.Token);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(drain);
        Task[] slots = [.. Enumerable.Range(0, options.Slots).Select(_ => Task.Factory.StartNew(
            () => SlotLoop(failed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            await Task.WhenAll(slots).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await heartbeat.ConfigureAwait(false);
        }
    }

    private void SlotLoop(CancellationTokenSource siloStop)
    {
        try
        {
            while (!siloStop.IsCancellationRequested)
            {
                if (LeaseOne(siloStop.Token) is { } lease)
                    RunLease(lease, siloStop.Token);
                else if (options.StopWhenIdle && _running.IsEmpty)
                    return;
                else
                    Wait(options.StopWhenIdle ? TimeSpan.FromMilliseconds(50) : options.PollEvery, siloStop.Token);
            }
        }
        catch (OperationCanceledException) when (siloStop.IsCancellationRequested)
        {
            // Drained between two attempts.
        }
        catch
        {
            // A defect, not a trial's failure: the other slots stop too, and the exception reaches the caller.
            siloStop.Cancel();
            throw;
        }
    }

    private Lease? LeaseOne(CancellationToken cancellationToken)
    {
        var request = new LeaseRequest(options.Id, 1) { SweepId = options.SweepId, Artifacts = options.ArtifactsShown };
        return UntilReachable(() => coordinator.LeaseAsync(request, cancellationToken), cancellationToken).SingleOrDefault();
    }

    private void RunLease(Lease lease, CancellationToken drain)
    {
        var progress = new AttemptProgress(lease, time.GetUtcNow());
        using var running = new RunningAttempt(progress, drain);
        var key = (lease.SweepId, lease.Trial.Id);
        _running[key] = running;
        observer.Started(progress);
        (AttemptOutcome outcome, string? message, TrialResult? result) = Attempt(lease, progress, running);
        try
        {
            ReportAnswer answer = Report(lease, outcome, message, result, drain);
            if (answer == ReportAnswer.Stale)
                (outcome, message, result) = (AttemptOutcome.Lost, "the lease was lost; the report was refused", null);
            else if (outcome == AttemptOutcome.Completed)
                runner.Forget(lease);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }

        observer.Ended(progress, outcome, message, result);
    }

    private (AttemptOutcome Outcome, string? Message, TrialResult? Result) Attempt(
        Lease lease, AttemptProgress progress, RunningAttempt running)
    {
        try
        {
            TrialResult result = runner.Run(progress, running.Token);
            progress.Report(AttemptPhase.Commit, 1);
            return (AttemptOutcome.Completed, null, result);
        }
        catch (OperationCanceledException) when (running.Token.IsCancellationRequested)
        {
            return running.Answer switch
            {
                HeartbeatAnswer.Lost => (AttemptOutcome.Lost, "the lease expired", null),
                HeartbeatAnswer.Cancelled => (AttemptOutcome.Cancelled, null, null),
                _ => (AttemptOutcome.Preempted, null, null),
            };
        }
        catch (TrialFailedException failure)
        {
            return (AttemptOutcome.Failed, failure.Message, null);
        }
        catch (OutOfMemoryException failure)
        {
            return (AttemptOutcome.OutOfMemory, failure.Message, null);
        }
        catch (IOException failure)
        {
            return (AttemptOutcome.Failed, $"artifacts of trial {lease.Trial.Id}: {failure.Message}", null);
        }
    }

    private ReportAnswer Report(Lease lease, AttemptOutcome outcome, string? message, TrialResult? result, CancellationToken drain)
    {
        // A result is worth waiting for an unreachable store: the lease decides in the end. A draining silo gives up in time, and the lease expires.
        using var giveUp = new CancellationTokenSource();
        using CancellationTokenRegistration draining = drain.Register(() => giveUp.CancelAfter(options.DrainWithin));
        switch (outcome)
        {
            case AttemptOutcome.Completed:
                return UntilReachable(() => coordinator.CompleteAsync(lease, result!, giveUp.Token), giveUp.Token);
            case AttemptOutcome.Failed or AttemptOutcome.OutOfMemory:
                return UntilReachable(() => coordinator.FailAsync(lease, outcome, message ?? string.Empty, giveUp.Token), giveUp.Token);
            case AttemptOutcome.Lost:
                return ReportAnswer.Stale;
            default:
                return UntilReachable(() => coordinator.ReleaseAsync(lease, outcome, giveUp.Token), giveUp.Token);
        }
    }

    private async Task HeartbeatLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.HeartbeatEvery, time, cancellationToken).ConfigureAwait(false);
                RunningAttempt[] attempts = [.. _running.Values];
                if (attempts.Length > 0)
                    await HeartbeatAsync(attempts, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo is done.
        }
    }

    private async Task HeartbeatAsync(RunningAttempt[] attempts, CancellationToken cancellationToken)
    {
        try
        {
            LeaseProgress[] progress = [.. attempts.Select(a => a.Progress.Snapshot())];
            IReadOnlyList<HeartbeatAnswer> answers =
                await coordinator.HeartbeatAsync(options.Id, progress, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < attempts.Length; i++)
            {
                if (answers[i] != HeartbeatAnswer.Renewed)
                    attempts[i].Stop(answers[i]);
            }
        }
        catch (StoreException failure)
        {
            observer.StoreUnreachable(failure.Message, options.HeartbeatEvery);
        }
    }

    private T UntilReachable<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        TimeSpan backoff = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            try
            {
                return call().GetAwaiter().GetResult();
            }
            catch (StoreException failure)
            {
                observer.StoreUnreachable(failure.Message, backoff);
                Wait(backoff, cancellationToken);
                backoff = backoff * 2 < options.LongestBackoff ? backoff * 2 : options.LongestBackoff;
            }
        }
    }

    private void Wait(TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Delay(duration, time, cancellationToken).GetAwaiter().GetResult();
}
