using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>
/// The embedded coordinator: one SQLite file, shared by the threads of a process and, on one machine, by several processes; each method is one transaction. Its
/// clock is the injected one.
/// </summary>
public sealed class SqliteCoordinator : SqlSweeps, ICoordinator
{
    private readonly TimeProvider _time;
    private long _countBeforeEmpty;

    private SqliteCoordinator(SqlStore store, CoordinatorOptions options, TimeProvider clock)
        : base(store, options) => _time = clock;

    /// <summary>Opens the store at <paramref name="path"/>.</summary>
    /// <param name="create">Whether a missing file is made (its folder must exist); false for commands that only read or operate.</param>
    /// <exception cref="StoreException">
    /// The file is missing, cannot be opened, is another program's or another version's; or the machine has no SQLite library.
    /// </exception>
    public static SqliteCoordinator Open(string path, TimeProvider clock, CoordinatorOptions? options = null, bool create = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(clock);
        options ??= new CoordinatorOptions();
        options.Validate();
        return new SqliteCoordinator(SqliteStore.Open(path, clock, options.BusyTimeout, create), options, clock);
    }

    public async Task<IReadOnlyList<Lease>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        long count = Store.WorkSignal.Count;
        IReadOnlyList<Lease> leases = await Store.WriteAsync(durable: false, work => SqliteLeasing.LeaseAsync(work, request, Options), cancellationToken);
        if (leases.Count == 0)
            Interlocked.Exchange(ref _countBeforeEmpty, count);
        return leases;
    }

    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        return Store.WorkSignal.WaitAsync(Interlocked.Read(ref _countBeforeEmpty), atMost, _time, cancellationToken);
    }

    public Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(
        string silo, IReadOnlyList<LeaseProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return Store.WriteAsync(durable: false, work => SqliteLeasing.HeartbeatAsync(work, silo, progress, Options), cancellationToken);
    }

    public Task<ReportAnswer> CompleteAsync(Lease lease, TrialResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(result);
        Reports.Check(result);
        return Store.WriteAsync(durable: true, work => Reports.CompleteAsync(work, lease, result, Options), cancellationToken);
    }

    public Task<ReportAnswer> FailAsync(Lease lease, AttemptFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        Reports.Check(failure);
        return Store.WriteAsync(durable: true, work => Reports.FailAsync(work, lease, failure, Options), cancellationToken);
    }

    public Task<ReportAnswer> ReleaseAsync(Lease lease, AttemptOutcome cause, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (cause is not (AttemptOutcome.Preempted or AttemptOutcome.Cancelled))
            throw new ArgumentException($"cause: {cause}; allowed: {AttemptOutcome.Preempted}, {AttemptOutcome.Cancelled}", nameof(cause));
        return Store.WriteAsync(durable: false, work => Reports.ReleaseAsync(work, lease, cause), cancellationToken);
    }

    /// <summary>A write transaction has the file to itself, so whoever asks also carries it out, at once.</summary>
    public override Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Store.WriteAsync(
            durable: true,
            async work =>
            {
                await RequestRows.WriteAsync(work, request);
                await RequestRows.CarryOutAsync(work, request.SweepId is { } id ? await Operations.KeyAsync(work, id) : null, Options);
                await work.FlushAsync();
                return (await RequestRows.FindAsync(work.Connection, request.Id, work.CancellationToken))!;
            },
            cancellationToken);
    }

    public Task<int> ReclaimAsync(string siloPrefix, CancellationToken cancellationToken) => ReclaimLeasesAsync(siloPrefix, cancellationToken);
}
