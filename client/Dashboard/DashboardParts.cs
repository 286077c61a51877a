using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Dashboard.Pages;

namespace Sweep.Client.Dashboard;

/// <summary>The components of a dashboard.</summary>
internal sealed class DashboardParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly AnswerBook _answers;
    private readonly bool _embedded;
    private readonly string? _restartCommand;

    public DashboardParts(StoreView store, DashboardOptions options, TextWriter log, TimeProvider time)
    {
        _embedded = options.Embedded;
        _restartCommand = store.Run is { } run ? $"./sweep serve --out {run.Shown}" : null;
        Gate = new Gate(options, options.Oidc is null ? null : new OidcTokens(options.Oidc), time);
        Hosts = new HostGuard(options);
        Connections = new ConnectionTable(options.Proxies, time);
        Telemetry = new DashboardTelemetry(store, time);
        Log = new TroubleLog(log);
        Reports = new LiveReports(store, Telemetry, Log, time);
        Feed = new LiveFeed(store, Reports, Log, time);
        Telemetry.Observe(Feed);
        Session = new SessionApi(store, Gate, options, time);
        var cache = new AnswerCache(time);
        _answers = store.Answers = new AnswerBook(store, Log, time);
        Sweeps = new SweepsApi(store, Reports, cache);
        Groups = new GroupsApi(store, Reports, cache, time);
        Comparisons = new ComparisonsApi(store, Reports, cache);
        Trials = new TrialsApi(store, new MetricOrders(store, Reports));
        Report = new ReportApi(store, Reports);
        Actions = new ActionsApi(store, options.Embedded);
        Events = new EventsApi(store, Feed, options, time, _stopping.Token);
        Page = new StaticPage(typeof(StaticPage).Assembly, options.Base);
    }

    public Gate Gate { get; }

    public HostGuard Hosts { get; }

    public ConnectionTable Connections { get; }

    public DashboardTelemetry Telemetry { get; }

    public TroubleLog Log { get; }

    public LiveReports Reports { get; }

    public LiveFeed Feed { get; }

    public SessionApi Session { get; }

    public SweepsApi Sweeps { get; }

    public GroupsApi Groups { get; }

    public ComparisonsApi Comparisons { get; }

    public TrialsApi Trials { get; }

    public ReportApi Report { get; }

    public ActionsApi Actions { get; }

    public EventsApi Events { get; }

    public StaticPage Page { get; }

    /// <summary>Ends event streams, which would otherwise stay open as long as their pages. Pages of an embedded run are told that it has ended.</summary>
    public async Task StopAsync()
    {
        if (_embedded && !_stopping.IsCancellationRequested)
            await Feed.FarewellAsync(_restartCommand);
        await _stopping.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Feed.DisposeAsync();
        await Reports.DisposeAsync();
        await _answers.DisposeAsync();
        Telemetry.Dispose();
        _stopping.Dispose();
    }
}
