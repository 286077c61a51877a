using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;
using Sweep.Silo.Telemetry;
using Sweep.Silo.Telemetry.Prometheus;

namespace Sweep.Client.Dashboard;

/// <summary>Metrics of the dashboard and its store, served at <c>/metrics</c>. They name no sweeps or trials. Thread-safe.</summary>
internal sealed class DashboardTelemetry : IDisposable
{
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    private readonly Meter _meter = new(Instruments.Name);
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _reports;
    private readonly PrometheusExporter _exporter;
    private readonly StoreView _store;
    private readonly TimeProvider _time;
    private Measurement<long>[] _trials = [];
    private int _reachable = 1;

    public DashboardTelemetry(StoreView store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _exporter = new PrometheusExporter(_meter, ForeignMeters.Runtime, ForeignMeters.Kestrel);
        _requests = Histogram("http.server.request.duration", "Requests by route and status; event streams when they end.");
        _reports = Histogram("sweep.dashboard.report.duration", "Time to build a live report.");
        _meter.CreateObservableGauge("sweep.trials", () => _trials, "{trial}", "Trials of all sweeps in the store, by state.");
        _meter.CreateObservableGauge("sweep.store.reachable", () => _reachable, "1", "Whether the store could be read at the time of the scrape.");
    }

    /// <summary>Registers the feed's metrics, once it exists.</summary>
    public void Observe(LiveFeed feed) => _meter.CreateObservableUpDownCounter("sweep.dashboard.streams", () => feed.Count, "{stream}", "Open event streams.");

    public long Begin() => _time.GetTimestamp();

    public void Answered(HttpContext context, long began) => _requests.Record(
        _time.GetElapsedTime(began).TotalSeconds,
        new KeyValuePair<string, object?>("http.request.method", Method(context.Request.Method)),
        new KeyValuePair<string, object?>("http.response.status_code", context.Response.StatusCode),
        new KeyValuePair<string, object?>("http.route", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? ""));

    public void Built(TimeSpan took) => _reports.Record(took.TotalSeconds);

    /// <summary>Handles a Prometheus scrape. The store is read only now.</summary>
    public async Task ScrapeAsync(HttpContext context)
    {
        try
        {
            IReadOnlyList<SweepSummary> sweeps = await _store.Reader.ListAsync(context.RequestAborted);
            _trials =
            [
                Count("queued", sweeps.Sum(s => (long)s.Queued)), Count("running", sweeps.Sum(s => (long)s.Running)),
                Count("completed", sweeps.Sum(s => (long)s.Completed)),
                Count("failed", sweeps.Sum(s => (long)s.Failed)), Count("cancelled", sweeps.Sum(s => (long)s.Cancelled)),
                Count("held", sweeps.Sum(s => (long)s.Held)), Count("pruned", sweeps.Sum(s => (long)s.Pruned)),
            ];
            _reachable = 1;
        }
        catch (StoreException)
        {
            (_trials, _reachable) = ([], 0);
        }

        (string text, context.Response.ContentType) = _exporter.Scrape(context.Request.Headers.Accept);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    /// <summary>Unknown methods are lumped together.</summary>
    private static string Method(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" or "PATCH" ? method : "_OTHER";

    private static Measurement<long> Count(string state, long count) => new(count, new KeyValuePair<string, object?>("sweep.trial.state", state));

    private Histogram<double> Histogram(string name, string description) =>
        _meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}
