using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Dashboard.Pages;

namespace Sweep.Client.Dashboard;

/// <summary>What a dashboard consists of.</summary>
internal sealed class DashboardParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public DashboardParts(StoreView store, DashboardOptions options, TimeProvider time)
    {
        Gate = new Gate(options, options.Oidc is null ? null : new OidcTokens(options.Oidc), time);
        Hosts = new HostGuard(options);
        Reports = new LiveReports(store, time);
        Feed = new LiveFeed(store, Reports, time);
        Session = new SessionApi(store, Gate, options, time);
        Sweeps = new SweepsApi(store, new AnswerCache(time));
        Trials = new TrialsApi(store);
        Report = new ReportApi(store, Reports, time);
        Actions = new ActionsApi(store, options.Embedded);
        Events = new EventsApi(store, Feed, options, time, _stopping.Token);
        Page = new StaticPage(typeof(StaticPage).Assembly);
    }

    public Gate Gate { get; }

    public HostGuard Hosts { get; }

    public LiveReports Reports { get; }

    public LiveFeed Feed { get; }

    public SessionApi Session { get; }

    public SweepsApi Sweeps { get; }

    public TrialsApi Trials { get; }

    public ReportApi Report { get; }

    public ActionsApi Actions { get; }

    public EventsApi Events { get; }

    public StaticPage Page { get; }

    /// <summary>Ends event streams, which would else last as long as their pages.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Feed.DisposeAsync();
        await Reports.DisposeAsync();
        _stopping.Dispose();
    }
}
