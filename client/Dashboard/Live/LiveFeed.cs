using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Polls the store once a second on behalf of all pages, and sends each page what has changed; without open pages nothing is read. A sweep has changed if its
/// counts by state have: they are updated in the same transaction as the trial. Errors are sent to the pages and logged, and polling continues; an error about
/// one sweep affects only its own pages. Thread-safe.
/// </summary>
internal sealed class LiveFeed(StoreView store, LiveReports reports, TroubleLog log, TimeProvider time) : IAsyncDisposable
{
    public const int MaxRunning = 200;

    private const string ReadingStore = "the store";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopping server waits for the last report, for pages to fetch it, and between checks.</summary>
    private static readonly TimeSpan FinalReportTimeout = TimeSpan.FromSeconds(4), FinalFetchTimeout = TimeSpan.FromSeconds(3),
        FinalPollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Subscriber> _subscribers = [];
    private readonly Dictionary<string, CompletionWatch> _completions = new(StringComparer.Ordinal);
    private readonly RunningCurves? _curves = store.Live is { } live ? new RunningCurves(live, time) : null;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _runs;

    /// <summary>Subscribed pages.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _subscribers.Count;
        }
    }

    /// <summary>Number of polls, for tests and metrics.</summary>
    public long Reads { get; private set; }

    public Subscriber Subscribe(string? sweepId, string? trialId = null)
    {
        var subscriber = new Subscriber(sweepId, trialId);
        lock (_lock)
        {
            _subscribers.Add(subscriber);
            if (!_runs && !_stop.IsCancellationRequested)
            {
                _runs = true;
                _loop = Task.Run(RunAsync);
            }
        }

        return subscriber;
    }

    public void Unsubscribe(Subscriber subscriber)
    {
        lock (_lock)
            _subscribers.Remove(subscriber);
    }

    /// <summary>
    /// Sends open pages the final state and the event <c>over</c>; otherwise they would go on showing the state of a second before. Waits a few seconds at
    /// most.
    /// </summary>
    /// <param name="command">The command that serves the run again.</param>
    public async Task FarewellAsync(string? command)
    {
        await StopAsync();
        if (Listening() is not { Length: > 0 } pages)
            return;
        using var patience = new CancellationTokenSource(FinalReportTimeout, time);
        bool? current;
        while ((current = await TellAsync(pages, CancellationToken.None)) == false && !patience.IsCancellationRequested)
            await Task.Delay(FinalPollInterval, time, CancellationToken.None);
        if (current is not null)
            await Task.Delay(FinalFetchTimeout, time, CancellationToken.None);
        pages = Listening();
        Tell(pages, "over", DashboardJson.Bytes(new { command }));
        for (long began = time.GetTimestamp(); Count > 0 && time.GetElapsedTime(began) < FinalFetchTimeout;)
            await Task.Delay(FinalPollInterval, time, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_curves is not null)
            await _curves.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        Task loop;
        lock (_lock)
            loop = _loop;
        await loop;
    }

    private Subscriber[] Listening()
    {
        lock (_lock)
            return [.. _subscribers];
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Subscriber[] listening;
                lock (_lock)
                {
                    if (_subscribers.Count == 0)
                    {
                        _runs = false;
                        _completions.Clear();
                        _curves?.Show([]);
                        return;
                    }

                    listening = [.. _subscribers];
                }

                await TellAsync(listening, _stop.Token);
                await Task.Delay(PollInterval, time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    /// <returns>Whether the reports include all completed trials; null if a sweep isn't over.</returns>
    private async Task<bool?> TellAsync(Subscriber[] listening, CancellationToken cancellationToken)
    {
        IReadOnlyList<SweepView> sweeps;
        try
        {
            Reads++;
            (DateTimeOffset now, sweeps) = await store.SweepsAsync(cancellationToken);

            // The time is sent along, but doesn't count as a change.
            Tell(listening, "sweeps", DashboardJson.Bytes(new { sweeps }), DashboardJson.Bytes(new { now, sweeps }));
            Tell(listening, "silos", DashboardJson.Bytes(new { silos = await store.SilosAsync(cancellationToken) }));
            log.Resolve(ReadingStore);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Tell(listening, new LiveTrouble(LiveTrouble.Store, log.Report(ReadingStore, e)));
            return true;
        }

        _curves?.Show(listening);
        bool? current = true;
        foreach (IGrouping<string?, Subscriber> pages in listening.GroupBy(s => s.SweepId, StringComparer.Ordinal))
        {
            if (pages.Key is null || sweeps.FirstOrDefault(s => s.Id == pages.Key) is not { } sweep)
                Tell(pages, LiveTrouble.None);
            else if (await TellSafelyAsync([.. pages], sweep, cancellationToken) is not { } reported)
                current = null;
            else
                current &= reported;
        }

        return current;
    }

    /// <returns>As <see cref="TellAsync(Subscriber[], CancellationToken)"/>, of this sweep.</returns>
    private async Task<bool?> TellSafelyAsync(Subscriber[] pages, SweepView sweep, CancellationToken cancellationToken)
    {
        string what = $"events of sweep {sweep.Id}";
        try
        {
            bool reported = await TellAsync(pages, sweep, cancellationToken);
            log.Resolve(what);
            Tell(pages, reports.TroubleOf(sweep.Id) is { } trouble ? new LiveTrouble(LiveTrouble.Report, trouble) : LiveTrouble.None);
            return sweep.Queued + sweep.Running + sweep.Held > 0 ? null : reported;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Tell(pages, new LiveTrouble(LiveTrouble.Sweep, log.Report(what, e)));
            return true;
        }
    }

    private async Task<bool> TellAsync(Subscriber[] pages, SweepView sweep, CancellationToken cancellationToken)
    {
        Tell(pages, "sweep", DashboardJson.Bytes(sweep));
        IReadOnlyList<TrialView> trials = sweep.Running == 0 ? [] : await store.RunningAsync(sweep.Id, MaxRunning, cancellationToken);
        Tell(pages, "running", DashboardJson.Bytes(new { trials }));
        _curves?.Run(sweep.Id, [.. trials.Select(t => t.Id)]);
        if (!_completions.TryGetValue(sweep.Id, out CompletionWatch? watch))
            _completions[sweep.Id] = watch = new CompletionWatch(store, sweep.Id);
        if (await watch.NewAsync(sweep.Completed, time, cancellationToken) is { } completed)
            Tell(pages, "completed", DashboardJson.Bytes(new { trials = completed, count = sweep.Completed }));
        ReadyReport? report = reports.Ask(sweep.Id, sweep.Completed, sweep.Failed, sweep.Cancelled);
        if (report is not null)
            Tell(pages, "report", DashboardJson.Bytes(new { as_of = report.AsOf, etag = report.Page.Tag }));
        return sweep.Completed == 0 || report?.AsOf == sweep.Completed;
    }

    private static void Tell(IEnumerable<Subscriber> pages, LiveTrouble trouble) => Tell(pages, "trouble", DashboardJson.Bytes(trouble));

    /// <param name="compared">Decides whether it has changed.</param>
    /// <param name="data">What is sent, if different.</param>
    private static void Tell(IEnumerable<Subscriber> pages, string name, byte[] compared, byte[]? data = null)
    {
        foreach (Subscriber page in pages)
            page.Tell(name, compared, data);
    }
}
