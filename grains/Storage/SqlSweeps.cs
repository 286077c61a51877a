using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>
/// Operations and readers over any <see cref="SqlStore"/>: each method is one transaction, or for the reader one snapshot. Decisions live in
/// <see cref="Submission"/>, <see cref="Quarantine"/> and <see cref="Operations"/>.
/// </summary>
public abstract class SqlSweeps : ISweepOperations, ISweepReader, ISweepStatistics
{
    private readonly SqlStore _store;
    private readonly CoordinatorOptions _options;
    private readonly SweepQueries _queries;
    private readonly SweepStatistics _statistics;

    private protected SqlSweeps(SqlStore store, CoordinatorOptions options)
    {
        _store = store;
        _options = options;
        _queries = new SweepQueries(store, options.LeaseDuration * 2);
        _statistics = new SweepStatistics(store);
    }

    /// <summary>What is underneath: for engines that decide elsewhere and keep the same tables.</summary>
    internal SqlStore Store => _store;

    internal CoordinatorOptions Options => _options;

    public Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(trials);
        return _store.WriteAsync(durable: true, work => Submission.SubmitAsync(work, sweep, trials), cancellationToken);
    }

    public Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(trials);
        return _store.WriteAsync(durable: true, work => Submission.SubmitAsync(work, sweep, trials, sweepId), cancellationToken);
    }

    /// <summary>See <see cref="ICoordinator.ReclaimAsync"/>. Before grains serve the store, or they are to be told.</summary>
    public Task<int> ReclaimLeasesAsync(string siloPrefix, CancellationToken cancellationToken) =>
        _store.WriteAsync(durable: false, work => TrialRows.ReclaimAsync(work, siloPrefix, _options), cancellationToken);

    public abstract Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Writes the request's row, and wakes who carries it out.</summary>
    internal Task WriteAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Store.WriteAsync(
            durable: true,
            async work =>
            {
                await RequestRows.WriteAsync(work, request);
                work.Announce(RequestRows.News);
                return true;
            },
            cancellationToken);
    }

    /// <summary>How a request that was written stands.</summary>
    internal async Task<RequestRecord> FindAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        await Store.ReadAsync(connection => RequestRows.FindAsync(connection, request.Id, cancellationToken), cancellationToken)
            ?? throw new StoreException($"request {request.Id} is no longer in the store");

    public Task<IReadOnlyList<JudgedLook>> LooksAsync(string sweepId, CancellationToken cancellationToken) =>
        _store.ReadAsync(connection => LookRows.ListAsync(connection, sweepId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> RequestsAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        _store.ReadAsync(connection => RequestRows.ListAsync(connection, sweepId, most, cancellationToken), cancellationToken);

    /// <summary>See <see cref="IWorkSource.MayComeAsync"/>.</summary>
    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _queries.MayComeAsync(request, cancellationToken);
    }

    public Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken) => _queries.ListAsync(cancellationToken);

    public Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) => _queries.FindAsync(nameOrId, cancellationToken);

    public Task<(string ResolvedJson, string Source)> SpecAsync(string sweepId, CancellationToken cancellationToken) =>
        _queries.SpecAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<TrialSummary>> TrialsAsync(
        string sweepId, TrialStatus? state, int skip, int take, CancellationToken cancellationToken) =>
        _queries.TrialsAsync(sweepId, new TrialQuery { State = state, Skip = skip, Take = take }, cancellationToken);

    public Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _queries.TrialsAsync(sweepId, query, cancellationToken);
    }

    public Task<IReadOnlyDictionary<AttemptOutcome, int>> CausesAsync(string sweepId, CancellationToken cancellationToken) =>
        _queries.CausesAsync(sweepId, cancellationToken);

    public Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken) => _queries.FileAsync(sha256, cancellationToken);

    /// <summary>At most so many bytes of a data file, and how long all of it is; null where the store lacks it.</summary>
    internal Task<(byte[] Bytes, int Length)?> FileAsync(string sha256, int from, int most, CancellationToken cancellationToken) =>
        _queries.FileAsync(sha256, from, most, cancellationToken);

    public Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken) => _store.WriteAsync(
        durable: true,
        work => work.ExecuteAsync("INSERT INTO files (sha256, content) VALUES (@sha256, @content) ON CONFLICT (sha256) DO NOTHING", new { sha256, content }),
        cancellationToken);

    public Task<TrialDetail?> TrialAsync(string sweepId, string trialIdOrPrefix, CancellationToken cancellationToken) =>
        _queries.TrialAsync(sweepId, trialIdOrPrefix, cancellationToken);

    public IAsyncEnumerable<CompletedTrial> CompletedAsync(string sweepId, Action<DamagedTrial>? damaged, CancellationToken cancellationToken) =>
        _queries.CompletedAsync(sweepId, damaged, cancellationToken);

    public Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trialIds);
        return _queries.FinishedAsync(trialIds, cancellationToken);
    }

    public Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken) =>
        _store.ReadAsync(connection => Deletion.ListAsync(connection, after, most, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken) => _queries.SilosAsync(cancellationToken);

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => _statistics.NowAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, SweepPace>> PaceAsync(CancellationToken cancellationToken) => _statistics.PaceAsync(cancellationToken);

    public Task<IReadOnlyList<RunningAttemptSummary>> RunningAsync(int most, CancellationToken cancellationToken) =>
        _statistics.RunningAsync(most, cancellationToken);

    public Task<int> CountAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _statistics.CountAsync(sweepId, query, cancellationToken);
    }

    public Task<IReadOnlyList<GroupCount>> GroupsAsync(string sweepId, int groupSize, CancellationToken cancellationToken) =>
        _statistics.GroupsAsync(sweepId, groupSize, cancellationToken);

    public Task<IReadOnlyList<GroupMean>> MeansAsync(string sweepId, int groupSize, IReadOnlyList<string> metrics, CancellationToken cancellationToken) =>
        _statistics.MeansAsync(sweepId, groupSize, metrics, cancellationToken);

    public Task<IReadOnlyList<MetricPoints>> PointsAsync(string sweepId, IReadOnlyList<string> metrics, int most, CancellationToken cancellationToken) =>
        _statistics.PointsAsync(sweepId, metrics, most, cancellationToken);

    public Task<IReadOnlyList<string>> MetricNamesAsync(string sweepId, CancellationToken cancellationToken) =>
        _statistics.MetricNamesAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<TroubledAttempt>> TroubledAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        _statistics.TroubledAsync(sweepId, most, cancellationToken);

    public Task<IReadOnlyList<int>> CompletedOrdinalsAsync(string sweepId, CancellationToken cancellationToken) =>
        _statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> CompletionTimesAsync(string sweepId, CancellationToken cancellationToken) =>
        _statistics.CompletionTimesAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<string>> TrialIdsAsync(string sweepId, IReadOnlyCollection<int> ordinals, CancellationToken cancellationToken) =>
        _statistics.TrialIdsAsync(sweepId, ordinals, cancellationToken);

    public Task<IReadOnlyDictionary<int, TrialResult>> ResultsAsync(
        string sweepId, IReadOnlyCollection<int> ordinals, IReadOnlyCollection<string>? curves, CancellationToken cancellationToken) =>
        _queries.ResultsAsync(sweepId, ordinals, curves, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
