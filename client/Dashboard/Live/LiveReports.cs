using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Builds reports of the trials completed so far, in the background, one at a time, and rests three times as long as each build took: a quarter of a core at
/// most. Results are read once and kept. Thread-safe.
/// </summary>
internal sealed class LiveReports(StoreView store, DashboardTelemetry telemetry, TroubleLog log, TimeProvider time) : IAsyncDisposable
{
    private const int MaxReports = 4, RestPerWork = 3;

    /// <summary>Enough for a small sweep's first report, so that the first request gets it.</summary>
    private static readonly TimeSpan FirstReportTimeout = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan MinRest = TimeSpan.FromSeconds(1), MaxRestAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, LiveReport> _reports = new(StringComparer.Ordinal);

    /// <summary>The latest report of a sweep, null if there is none yet; starts building a newer one if something has changed.</summary>
    /// <param name="whole">Whether a large report is wanted in full, which isn't written otherwise.</param>
    public ReadyReport? Ask(string sweepId, int completed, int failed, int cancelled, bool whole = false)
    {
        lock (_lock)
        {
            if (completed == 0 || _stop.IsCancellationRequested)
                return null;
            if (!_reports.TryGetValue(sweepId, out LiveReport? report))
            {
                foreach (string old in _reports.Where(r => r.Value.Work.IsCompleted).OrderBy(r => r.Value.Asked).Select(r => r.Key)
                    .Take(Math.Max(0, _reports.Count - MaxReports + 1)).ToList())
                    _reports.Remove(old);
                _reports[sweepId] = report = new LiveReport(store, sweepId);
            }

            report.Asked = time.GetTimestamp();
            if (whole)
            {
                report.FullAsked = report.Asked;
                if (report.Work.IsCompleted && report.Ready is { Whole: null })
                    report.Stamp = null;
            }

            string stamp = $"{completed} {failed} {cancelled}";
            if (report.Stamp != stamp && report.Work.IsCompleted)
            {
                report.Stamp = stamp;
                report.Work = Task.Run(() => WorkAsync(report));
            }

            return report.Ready;
        }
    }

    /// <summary>A sweep's trials by ordinal, if its report has been built; otherwise null.</summary>
    public TrialSpec[]? Trials(string sweepId)
    {
        lock (_lock)
            return _reports.GetValueOrDefault(sweepId)?.Trials;
    }

    /// <summary>Why the latest build of a sweep's report failed, or what it omits; null if it is complete.</summary>
    public string? TroubleOf(string sweepId)
    {
        lock (_lock)
            return _reports.GetValueOrDefault(sweepId)?.Trouble;
    }

    /// <summary>The results in a sweep's report, by ordinal; empty if there is none yet.</summary>
    public IReadOnlyList<KeyValuePair<int, CompletedTrial>> Results(string sweepId)
    {
        lock (_lock)
            return _reports.GetValueOrDefault(sweepId)?.Results ?? [];
    }

    /// <summary>
    /// The completed trials of a sweep whose stored result can't be used, by ordinal, as far as the latest report has found; none before there is one.
    /// </summary>
    public IReadOnlySet<int> Damaged(string sweepId)
    {
        lock (_lock)
            return _reports.GetValueOrDefault(sweepId)?.Damaged ?? new HashSet<int>();
    }

    /// <summary>The latest report of a sweep; waits briefly for the first.</summary>
    public async Task<ReadyReport?> ReadyAsync(SweepSummary sweep, bool whole, CancellationToken cancellationToken)
    {
        ReadyReport? ready = Ask(sweep.Id, sweep.Completed, sweep.Failed, sweep.Cancelled, whole);
        if (ready is not null || sweep.Completed == 0)
            return ready;
        await Task.WhenAny(Building(sweep.Id), Task.Delay(FirstReportTimeout, time, cancellationToken));
        return Ask(sweep.Id, sweep.Completed, sweep.Failed, sweep.Cancelled, whole);
    }

    /// <summary>Completes when a sweep's first report is built.</summary>
    private Task Building(string sweepId)
    {
        lock (_lock)
            return _reports.TryGetValue(sweepId, out LiveReport? report) ? report.Built.Task : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] work;
        lock (_lock)
            work = [.. _reports.Values.Select(r => r.Work)];
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _one.Dispose();
    }

    private async Task WorkAsync(LiveReport report)
    {
        try
        {
            await _one.WaitAsync(_stop.Token);
            TimeSpan rest;
            try
            {
                rest = await BuildAsync(report);
            }
            finally
            {
                _one.Release();
            }

            await Task.Delay(rest, time, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            report.Done();
        }
    }

    /// <returns>How long to rest: longer after each failure, since a damaged row stays damaged.</returns>
    private async Task<TimeSpan> BuildAsync(LiveReport report)
    {
        string what = $"report of sweep {report.SweepId}";
        long began = time.GetTimestamp();
        try
        {
            await report.BuildAsync(time, _stop.Token);
            report.Failures = 0;
            log.Resolve(what);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            // The next request tries again.
            report.Failures++;
            report.Stamp = null;
            report.Trouble = log.Report(what, e);
        }

        report.Done();
        TimeSpan worked = time.GetElapsedTime(began), rest = worked * RestPerWork;
        telemetry.Built(worked);
        TimeSpan least = MinRest * Math.Pow(2, Math.Min(report.Failures, 10));
        least = least < MaxRestAfterFailure ? least : MaxRestAfterFailure;
        return rest > least ? rest : least;
    }
}
