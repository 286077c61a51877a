using Sweep.Client.Dashboard.Api;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Reads the store once a second for all pages together, and tells each what changed. With no page open nothing is read. The counts of trials by state are what tells a sweep that
/// changed from one that didn't: every engine keeps them in the transaction that moves a trial. Thread-safe.
/// </summary>
internal sealed class LiveFeed(StoreView store, LiveReports reports, TimeProvider time) : IAsyncDisposable
{
    public const int MostRunning = 200;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Subscriber> _subscribers = [];
    private readonly Dictionary<string, CompletionWatch> _completions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _runs;

    /// <summary>Pages that listen now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _subscribers.Count;
        }
    }

    /// <summary>How often the store was read, for tests and metrics.</summary>
    public long Reads { get; private set; }

    public Subscriber Subscribe(string? sweepId)
    {
        var subscriber = new Subscriber(sweepId);
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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task loop;
        lock (_lock)
            loop = _loop;
        await loop;
        _stop.Dispose();
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
                        return;
                    }

                    listening = [.. _subscribers];
                }

                await TellAsync(listening);
                await Task.Delay(Every, time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TellAsync(Subscriber[] listening)
    {
        try
        {
            Reads++;
            (DateTimeOffset now, IReadOnlyList<SweepView> sweeps) = await store.SweepsAsync(_stop.Token);

            // The time goes with the event, but isn't news by itself.
            Tell(listening, "sweeps", DashboardJson.Bytes(new { sweeps }), DashboardJson.Bytes(new { now, sweeps }));
            Tell(listening, "silos", DashboardJson.Bytes(new { silos = await store.SilosAsync(_stop.Token) }));
            foreach (IGrouping<string?, Subscriber> pages in listening.GroupBy(s => s.SweepId, StringComparer.Ordinal))
            {
                if (pages.Key is not null && sweeps.FirstOrDefault(s => s.Id == pages.Key) is { } sweep)
                    await TellAsync([.. pages], sweep);
            }

            Tell(listening, "trouble", DashboardJson.Bytes(new { message = (string?)null }));
        }
        catch (StoreException e)
        {
            Tell(listening, "trouble", DashboardJson.Bytes(new { message = e.Message }));
        }
    }

    private async Task TellAsync(Subscriber[] pages, SweepView sweep)
    {
        Tell(pages, "sweep", DashboardJson.Bytes(sweep));
        Tell(pages, "running", DashboardJson.Bytes(new { trials = sweep.Running == 0 ? [] : await store.RunningAsync(sweep.Id, MostRunning, _stop.Token) }));
        if (!_completions.TryGetValue(sweep.Id, out CompletionWatch? watch))
            _completions[sweep.Id] = watch = new CompletionWatch(store, sweep.Id);
        if (await watch.NewAsync(sweep.Completed, time, _stop.Token) is { } trials)
            Tell(pages, "completed", DashboardJson.Bytes(new { trials, count = sweep.Completed }));
        if (reports.Ask(sweep.Id, sweep.Completed, sweep.Failed, sweep.Cancelled) is { } report)
            Tell(pages, "report", DashboardJson.Bytes(new { as_of = report.AsOf, etag = report.Page.Tag }));
    }

    /// <param name="compared">What decides whether it is news.</param>
    /// <param name="data">What is sent, where that is more.</param>
    private static void Tell(Subscriber[] pages, string name, byte[] compared, byte[]? data = null)
    {
        foreach (Subscriber page in pages)
        {
            if (page.Sent.TryGetValue(name, out byte[]? before) && before.AsSpan().SequenceEqual(compared))
                continue;
            page.Sent[name] = compared;
            page.Send(name, data ?? compared);
        }
    }
}
