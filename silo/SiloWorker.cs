using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Silo.Preparation;
using Sweep.Silo.Stalls;

namespace Sweep.Silo;

/// <summary>
/// The lease loop: leases as many trials as there are free slots (of short ones more: <see cref="LeasesAhead"/>), runs each on a thread of its own, as many
/// at a time as there are slots, reports it, until there is no more work or the silo drains. One heartbeat task renews all leases. Whatever an attempt throws
/// is its trial's failure. Cancelling <c>drain</c> stops leasing; running attempts are checkpointed and released as preempted, and what does not stop in time
/// is released all the same.
/// </summary>
public sealed class SiloWorker(IWorkSource coordinator, ITrialRunner runner, SiloOptions options, ISiloObserver observer, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Sweep, string Trial), RunningAttempt> _running = new();

    /// <summary>By lease, until its thread has come back.</summary>
    private readonly ConcurrentDictionary<(string Sweep, string Trial, long Token, long Holder), RunningAttempt> _held = new();
    private readonly Jitter _jitter = new(options.Id);
    private readonly Backoff _reaches = new(time, TimeSpan.FromMilliseconds(250), options.MaxBackoff)
    {
        Brief = options.BriefBackoff, Jitter = new Jitter($"{options.Id}, reports"),
    };

    private readonly ArtifactsProbe _probe = new(options.ArtifactsDirectory);
    private readonly StallLimit _stalls = new(options.StallAfter);
    private readonly LeasesAhead _ahead = new(options.Slots);

    /// <summary>One for each slot: who has it computes. A hanging attempt keeps its own.</summary>
    private readonly SlotTurns _turns = new(options.Slots);
    private int _begun;
    private int _threads;
    private int _hanging;
    private int _stalled;

    /// <summary>On what the slots run.</summary>
    internal ISlots Slots { get; init; } = SlotThreads.Instance;

    /// <summary>Attempts running now.</summary>
    public IEnumerable<AttemptProgress> Running => _running.Values.Select(r => r.Progress).OrderBy(p => p.Started);

    /// <summary>Attempts that stalled for so long that they were given up.</summary>
    public int Stalled => Volatile.Read(ref _stalled);

    /// <summary>Threads that run attempts, or wait to, or for the store.</summary>
    private int MaxThreads => options.Slots + _ahead.Count - Volatile.Read(ref _hanging);

    private bool IsLeaving => options.LeaveWhenStalled && Stalled > 0;

    /// <summary>
    /// Works until idle (if so asked) or drained. Transient store failures are retried; what the coordinator throws otherwise ends the silo with its
    /// exception.
    /// </summary>
    public async Task RunAsync(CancellationToken drain)
    {
        using var stop = new CancellationTokenSource();
        Task heartbeat = new Heartbeats(coordinator, options, observer, InOrder, time).RunAsync(stop.Token);
        Task watch = new StallWatch(InOrder, _stalls, GiveUp, options.StallCheckEvery, time).RunAsync(stop.Token);
        var siloStop = CancellationTokenSource.CreateLinkedTokenSource(drain);
        List<Task> attempts = [];
        try
        {
            await DispatchAsync(attempts, siloStop);
            if (await EndAsync(attempts, drain) && Stalled == 0)
                siloStop.Dispose();
        }
        finally
        {
            Cancel(stop);
            await heartbeat;
            await watch;
        }
    }

    /// <summary>Leases and starts attempts until there is nothing left or it is stopped; the attempts may go on.</summary>
    private async Task DispatchAsync(List<Task> attempts, CancellationTokenSource siloStop)
    {
        try
        {
            await LeaseLoopAsync(attempts, siloStop);
        }
        catch (OperationCanceledException) when (siloStop.IsCancellationRequested)
        {
            // Drained while it waited, or an attempt's defect stops all.
        }
        catch
        {
            Cancel(siloStop);
            await Task.WhenAll(attempts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw;
        }
    }

    private async Task LeaseLoopAsync(List<Task> attempts, CancellationTokenSource siloStop)
    {
        CancellationToken cancellationToken = siloStop.Token;
        while (!cancellationToken.IsCancellationRequested)
        {
            attempts.RemoveAll(attempt => attempt.IsCompletedSuccessfully);
            Task? rises = _ahead.Rises is { } later ? HereAsync(later) : null;
            int free = MaxThreads - attempts.Count;
            if (IsLeaving || (Stalled > 0 && free <= 0 && attempts.Count == 0))
                return;
            if (free <= 0)
            {
                await Task.WhenAny(rises is null ? attempts : attempts.Append(rises)).WaitAsync(cancellationToken);
                continue;
            }

            await ArtifactsWritableAsync(cancellationToken);
            LeaseRequest request = Request(free);
            IReadOnlyList<Lease> leases =
                await UntilReachableAsync(() => coordinator.LeaseAsync(request, cancellationToken), cancellationToken);
            foreach (Lease lease in leases)
            {
                attempts.Add(SiloSlot.Start(Slots, slot => RunLeasesAsync(lease, slot, siloStop)).Ended);
            }

            if (leases.Count > 0)
                continue;
            if (options.StopWhenIdle && attempts.Count == 0
                && !await UntilReachableAsync(() => coordinator.MayComeAsync(request, cancellationToken), cancellationToken))
            {
                return;
            }

            // One question for all slots, when an attempt has ended, when there is news, or now and then, not in step with other silos.
            // The end of other silos' trials is not announced, so a silo that stops when idle asks more often.
            TimeSpan poll = options.StopWhenIdle && options.PollEvery > options.SeenEvery ? options.SeenEvery : options.PollEvery;
            Task news = coordinator.WaitForWorkAsync(poll * _jitter.Factor(), cancellationToken);
            await Task.WhenAny(attempts.Append(news)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits for the attempts, when draining only for a while. False when some still run and were released while they ran.</summary>
    private async Task<bool> EndAsync(List<Task> attempts, CancellationToken drain)
    {
        Task all = Task.WhenAll(attempts);
        if (!all.IsCompleted)
        {
            await Task.WhenAny(all, PatienceAsync(drain));
        }

        if (all.IsCompleted)
        {
            await all;
            return true;
        }

        // A fit or a metric that cannot be interrupted: its thread ends with the process, its trial goes to another silo.
        using var giveUp = new CancellationTokenSource(options.DrainWithin - options.AbandonAfter, time);
        foreach (RunningAttempt running in InOrder())
        {
            try
            {
                await coordinator.ReleaseAsync(running.Progress.Lease, AttemptOutcome.Preempted, giveUp.Token);
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                observer.Warning($"trial {running.Progress.Lease.Trial.Id} could not be released; its lease expires");
            }
        }

        return false;
    }

    /// <summary>Ends when the attempts of a draining silo have had their time.</summary>
    private async Task PatienceAsync(CancellationToken drain)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, drain)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.Delay(options.AbandonAfter, time, CancellationToken.None);
    }

    /// <summary>After artifacts could not be written: waits until they can be, rather than fail one trial after the other.</summary>
    private async Task ArtifactsWritableAsync(CancellationToken cancellationToken)
    {
        await new Backoff(time, TimeSpan.FromSeconds(1), options.MaxBackoff) { Jitter = _jitter }.RunAsync(
            _ => _probe.Problem() is { } problem ? throw new IOException(problem) : Task.FromResult(true),
            failure => failure is IOException,
            (failure, _) => observer.Warning($"artifacts can't be written: {failure.Message}; no trial is leased until they can"),
            cancellationToken);
    }

    private async Task RunLeasesAsync(Lease lease, SiloSlot slot, CancellationTokenSource siloStop)
    {
        Interlocked.Increment(ref _threads);
        try
        {
            // A slot goes on with what it is given for its result; the loop only begins with idle slots.
            for (Lease? next = lease; next is not null;)
                next = await RunLeaseAsync(next, slot, siloStop.Token);
        }
        catch (OperationCanceledException) when (siloStop.IsCancellationRequested)
        {
            // Drained before its report reached the store: the lease expires.
        }
        catch
        {
            // Not the trial's failure: it can't be reported. The other attempts stop too, and the exception reaches the caller.
            Cancel(siloStop);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _threads);
        }
    }

    /// <summary>Returns the next lease, if there is one.</summary>
    private async Task<Lease?> RunLeaseAsync(Lease lease, SiloSlot slot, CancellationToken drain)
    {
        var progress = new AttemptProgress(lease, time.GetUtcNow());
        using var running = new RunningAttempt(progress, slot, Interlocked.Increment(ref _begun), drain);
        var held = (lease.SweepId, lease.Trial.Id, lease.FencingToken, lease.Holder);
        if (!_held.TryAdd(held, running))
        {
            await GivenAgainAsync(lease, _held.GetValueOrDefault(held), drain);
            return null;
        }

        try
        {
            return await RunLeaseAsync(lease, progress, running, drain);
        }
        finally
        {
            _held.TryRemove(held, out _);
        }
    }

    /// <summary>
    /// Two attempts under one lease would both count. A grain that died, a store that was restored or a sweep that was deleted and launched anew may forget
    /// that it gave a lease, and give it again: it stands then for the attempt that runs. Where that is being stopped, or can't be, the trial is given back,
    /// and the next lease is another.
    /// </summary>
    private async Task GivenAgainAsync(Lease lease, RunningAttempt? other, CancellationToken drain)
    {
        if (other is null or { IsStopping: true })
            await ReportAsync(lease, new AttemptReport(AttemptOutcome.Preempted), drain);
    }

    private async Task<Lease?> RunLeaseAsync(Lease lease, AttemptProgress progress, RunningAttempt running, CancellationToken drain)
    {
        var key = (lease.SweepId, lease.Trial.Id);
        _running[key] = running;
        (AttemptReport report, TimeSpan took) = await InTurnAsync(lease, progress, running);
        progress.GoesOn();
        if (!running.TryEnd())
        {
            // Given up, and the thread has come back after all.
            Interlocked.Decrement(ref _hanging);
            return null;
        }

        if (report.Outcome == AttemptOutcome.Completed)
        {
            _stalls.Completed(lease.Cost, took);
            _ahead.Completed(took);
        }

        Lease? next;
        try
        {
            (ReportAnswer answer, report, next) = await ReportOrFailAsync(lease, report, drain);
            if (answer == ReportAnswer.Stale)
                report = new AttemptReport(AttemptOutcome.Lost, "the lease was lost; the report was refused");
            else if (report.Outcome == AttemptOutcome.Completed)
                Forget(lease);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(key, running));
        }

        observer.Ended(progress, report.Outcome, report.Message, report.Result);
        return next;
    }

    /// <summary>Runs the attempt when a slot is free.</summary>
    private async Task<(AttemptReport Report, TimeSpan Took)> InTurnAsync(Lease lease, AttemptProgress progress, RunningAttempt running)
    {
        SlotTurns.Turn turn;
        try
        {
            turn = await Slots.WaitAsync(_turns.EnterAsync(running.Token));
        }
        catch (OperationCanceledException)
        {
            observer.Started(progress);
            return (Stopped(running), TimeSpan.Zero);
        }

        using (turn)
        {
            running.Begin();
            observer.Started(progress);
            long began = time.GetTimestamp();
            AttemptReport report = await AttemptAsync(lease, progress, running);
            return (report, time.GetElapsedTime(began));
        }
    }

    private static AttemptReport Stopped(RunningAttempt running) => running.Answer switch
    {
        HeartbeatAnswer.Lost => new AttemptReport(AttemptOutcome.Lost, "the lease expired"),
        HeartbeatAnswer.Cancelled => new AttemptReport(AttemptOutcome.Cancelled),
        _ => new AttemptReport(AttemptOutcome.Preempted),
    };

    /// <summary>An attempt stalls: its trial goes to another silo, and its slot is lost unless the thread comes back.</summary>
    private void GiveUp(RunningAttempt running, TimeSpan still)
    {
        if (!running.TryEnd())
            return;
        Interlocked.Increment(ref _hanging);
        Interlocked.Increment(ref _stalled);
        Lease lease = running.Progress.Lease;
        _running.TryRemove(KeyValuePair.Create((lease.SweepId, lease.Trial.Id), running));
        running.Stop(HeartbeatAnswer.Lost);
        string message = $"no progress for {still.TotalSeconds:0} s in phase {running.Progress.Snapshot().Phase}";
        _ = ReportStallAsync(lease, message);
        observer.Ended(running.Progress, AttemptOutcome.Stalled, message, null);
        observer.Warning(options.LeaveWhenStalled
            ? $"trial {lease.Trial.Id} hangs, and its slot with it: no more trials are leased here; what runs is finished, then restart the silo"
            : $"trial {lease.Trial.Id} hangs, and its slot with it: going on with the other slots");
        running.Slot.GiveUp();
    }

    private async Task ReportStallAsync(Lease lease, string message)
    {
        try
        {
            using var giveUp = new CancellationTokenSource(options.HeartbeatEvery * 3, time);
            await UntilReachableAsync(() => coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Stalled, message), giveUp.Token), giveUp.Token);
        }
        catch (Exception failure)
        {
            observer.Warning($"trial {lease.Trial.Id} could not be released ({Unforeseen.Describe(failure)}); its lease expires");
        }
    }

    /// <summary>Reports; where the store won't have a result, that is the attempt's failure.</summary>
    private async Task<(ReportAnswer Answer, AttemptReport Report, Lease? Next)> ReportOrFailAsync(
        Lease lease, AttemptReport report, CancellationToken drain)
    {
        try
        {
            (ReportAnswer answer, Lease? next) = await ReportAsync(lease, report, drain);
            return (answer, report, next);
        }
        catch (ArgumentException refused) when (report.Outcome == AttemptOutcome.Completed)
        {
            report = new AttemptReport(AttemptOutcome.Failed, $"its result can't be stored: {refused.Message}")
            {
                // What was refused before it was sent is refused again; what the store threw may pass, so other attempts find out.
                MustRepeat = refused.InnerException is null,
            };
            (ReportAnswer answer, Lease? next) = await ReportAsync(lease, report, drain);
            return (answer, report, next);
        }
    }

    private void Forget(Lease lease)
    {
        try
        {
            runner.Forget(lease);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            observer.Warning($"the checkpoint of trial {lease.Trial.Id} stays: {failure.Message}");
        }
    }

    private async Task<AttemptReport> AttemptAsync(Lease lease, AttemptProgress progress, RunningAttempt running)
    {
        try
        {
            TrialResult result = await Slots.RunAsync(runner, progress, running.Token);
            progress.Report(AttemptPhase.Commit, 1);
            return new AttemptReport(AttemptOutcome.Completed) { Result = result };
        }
        catch (OperationCanceledException) when (running.Token.IsCancellationRequested)
        {
            return Stopped(running);
        }
        catch (TrialFailedException failure)
        {
            return new AttemptReport(AttemptOutcome.Failed, failure.Message) { MustRepeat = failure.MustRepeat };
        }
        catch (OutOfMemoryException failure)
        {
            return new AttemptReport(AttemptOutcome.OutOfMemory, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _probe.Doubt();
            return new AttemptReport(AttemptOutcome.Failed, $"artifacts of trial {lease.Trial.Id}: {failure.Message}");
        }
        catch (StoreException failure)
        {
            // It wanted a data file from the store.
            return new AttemptReport(AttemptOutcome.Preempted, failure.Message);
        }
        catch (Exception failure)
        {
            return new AttemptReport(AttemptOutcome.Failed, Unforeseen.Describe(failure) + Kept(lease, failure));
        }
    }

    /// <summary>Where the whole of an unforeseen exception can be read; nothing where it can't.</summary>
    private string Kept(Lease lease, Exception failure)
    {
        try
        {
            return $"; details: {new TrialArtifacts(options.ArtifactsDirectory, lease.Trial.Id).WriteException(failure)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return string.Empty;
        }
    }

    private async Task<(ReportAnswer Answer, Lease? Next)> ReportAsync(Lease lease, AttemptReport report, CancellationToken drain)
    {
        // A result is worth waiting for an unreachable store: the lease decides in the end. A draining silo gives up in time, and the lease expires.
        using CancellationTokenSource giveUp = new(Timeout.InfiniteTimeSpan, time);
        using CancellationTokenRegistration draining = drain.Register(() => giveUp.CancelAfter(options.DrainWithin));
        Task<T> Until<T>(Func<Task<T>> call) => Slots.WaitAsync(UntilReachableAsync(call, giveUp.Token));
        switch (report.Outcome)
        {
            case AttemptOutcome.Completed when GoesOn(drain):
                CompletedAndLeased both = await Until(
                    () => coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, report.Result!)], Request(1), giveUp.Token));
                return (both.Answers[0], both.Leases.Count > 0 ? both.Leases[0] : null);
            case AttemptOutcome.Completed:
                return (await Until(() => coordinator.CompleteAsync(lease, report.Result!, giveUp.Token)), null);
            case AttemptOutcome.Failed or AttemptOutcome.OutOfMemory:
                return (await Until(() => coordinator.FailAsync(lease, report.Failure, giveUp.Token)), null);
            case AttemptOutcome.Lost:
                return (ReportAnswer.Stale, null);
            default:
                return (await Until(() => coordinator.ReleaseAsync(lease, report.Outcome, giveUp.Token)), null);
        }
    }

    /// <summary>Whether a thread that has completed an attempt asks for another.</summary>
    private bool GoesOn(CancellationToken drain) =>
        !drain.IsCancellationRequested && !IsLeaving && Volatile.Read(ref _threads) <= MaxThreads && _probe.Problem() is null;

    private LeaseRequest Request(int most) => new(options.Id, most) { SweepId = options.SweepId, About = options.About };

    private Task<T> UntilReachableAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) => _reaches.RunAsync(
        _ => call(),
        failure => failure is StoreException { IsLasting: false },
        (failure, wait) => observer.StoreUnreachable(failure.Message, wait),
        cancellationToken);

    /// <summary>The running attempts, by when they began.</summary>
    private IEnumerable<RunningAttempt> InOrder() => _running.Values.OrderBy(r => r.Number);

    /// <summary>Goes on where the caller does.</summary>
    private static async Task HereAsync(Task task) => await task;

    /// <summary>At once, so that what waits for it goes on where this is called.</summary>
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
