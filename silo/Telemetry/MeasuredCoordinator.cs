using System.Diagnostics;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Measures how long each of a silo's calls takes, and how long it waits for work; calls within an attempt are spans of its trace. Otherwise it is the source
/// within.
/// </summary>
public sealed class MeasuredCoordinator(IWorkSource inner, Instruments instruments, TimeProvider time) : IWorkSource
{
    private const long NotWaiting = -1;

    private long _waitingSince = NotWaiting;

    public async Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref _waitingSince, time.GetTimestamp(), NotWaiting);
        DateTimeOffset began = time.GetUtcNow();
        IReadOnlyList<Lease> leases = await MeasureAsync("lease", () => inner.LeaseAsync(request, cancellationToken)).ConfigureAwait(false);
        Note(leases, began);
        if (leases.Count > 0 && Interlocked.Exchange(ref _waitingSince, NotWaiting) is var since and not NotWaiting)
            instruments.LeaseWait.Record(time.GetElapsedTime(since).TotalSeconds);
        return leases;
    }

    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        MeasureAsync("may_come", () => inner.MayComeAsync(request, cancellationToken));

    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken) => inner.WaitForWorkAsync(atMost, cancellationToken);

    public Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(
        string silo, IReadOnlyList<LeaseProgress> progress, CancellationToken cancellationToken) =>
        MeasureAsync("heartbeat", () => inner.HeartbeatAsync(silo, progress, cancellationToken));

    public Task<ReportAnswer> CompleteAsync(Lease lease, TrialResult result, CancellationToken cancellationToken) =>
        MeasureAsync("complete", () => inner.CompleteAsync(lease, result, cancellationToken));

    public async Task<CompletedAndLeased> CompleteAndLeaseAsync(
        IReadOnlyList<FinishedTrial> finished, LeaseRequest next, CancellationToken cancellationToken)
    {
        DateTimeOffset began = time.GetUtcNow();
        long asked = time.GetTimestamp();
        CompletedAndLeased both =
            await MeasureAsync("complete_and_lease", () => inner.CompleteAndLeaseAsync(finished, next, cancellationToken)).ConfigureAwait(false);
        Note(both.Leases, began);

        // The slot that reports is free from here on: it has work at once, or the silo waits for some.
        if (both.Leases.Count > 0)
            instruments.LeaseWait.Record(time.GetElapsedTime(asked).TotalSeconds);
        else
            Interlocked.CompareExchange(ref _waitingSince, asked, NotWaiting);
        return both;
    }

    public Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken) =>
        MeasureAsync("fail", () => inner.FailAsync(lease, failure, cancellationToken));

    public Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken) =>
        MeasureAsync("release", () => inner.ReleaseAsync(lease, cause, cancellationToken));

    private void Note(IReadOnlyList<Lease> leases, DateTimeOffset began)
    {
        if (leases.Count == 0 || !instruments.Source.HasListeners())
            return;
        var call = new LeaseCall(began, time.GetUtcNow());
        foreach (Lease lease in leases)
            instruments.LeaseCalls.AddOrUpdate(lease, call);
    }

    private async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> call)
    {
        long began = time.GetTimestamp();

        // Not a trace for every heartbeat and every question for work.
        using Activity? span = Activity.Current is null ? null : instruments.Source.StartActivity($"store {operation}", ActivityKind.Client);
        var tags = new TagList { { Attributes.Operation, operation } };
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            tags.Add(Attributes.ErrorType, e.GetType().Name);
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            span?.SetTag(Attributes.ErrorType, e.GetType().Name);
            throw;
        }
        finally
        {
            instruments.StoreDuration.Record(time.GetElapsedTime(began).TotalSeconds, tags);
        }
    }
}
