using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Sweep.Silo.Telemetry;
using Sweep.Silo.Telemetry.Prometheus;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>What Prometheus is given to read.</summary>
public sealed class PrometheusTests : IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    private readonly Meter _meter = new("test");

    public void Dispose() => _meter.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scrape_WhenThereIsOneOfEachKind_WritesTheirValues(bool openMetrics)
    {
        using var exporter = new PrometheusExporter(_meter);
        Counter<long> trials = _meter.CreateCounter<long>("sweep.trials.completed", "{trial}", "Trials.");
        Histogram<double> waits = _meter.CreateHistogram(
            "sweep.lease.wait", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        _meter.CreateObservableGauge("sweep.device.utilization",
            () => new Measurement<double>(0.25, new KeyValuePair<string, object?>("sweep.device", "cpu")), "1", "Use.");
        _meter.CreateObservableUpDownCounter("slots", () => 3, "{slot}", "Slots.");
        trials.Add(2);
        trials.Add(5);
        trials.Add(1, new KeyValuePair<string, object?>("b", "x"), new KeyValuePair<string, object?>("a.b", "y"));
        trials.Add(1, new KeyValuePair<string, object?>("a.b", "y"), new KeyValuePair<string, object?>("b", "x"));
        foreach (double wait in new[] { 0.25, 0.5, 0.75, 8, double.NaN })
            waits.Record(wait);

        (string text, string type) = exporter.Scrape(openMetrics ? OpenMetrics : null);

        Assert.StartsWith(openMetrics ? "application/openmetrics-text" : "text/plain", type, StringComparison.Ordinal);
        Exposition read = Exposition.Read(text, openMetrics);
        Assert.Equal(7, read.Samples["sweep_trials_completed_total"]);
        Assert.Equal(2, read.Samples["sweep_trials_completed_total{a_b=\"y\",b=\"x\"}"]);
        Assert.Equal("counter", read.Types[openMetrics ? "sweep_trials_completed" : "sweep_trials_completed_total"]);
        string one = openMetrics ? "1.0" : "1";
        Assert.Equal(
            (2, 3, 4, 9.5, 4),
            (read.Samples["sweep_lease_wait_seconds_bucket{le=\"0.5\"}"], read.Samples[$"sweep_lease_wait_seconds_bucket{{le=\"{one}\"}}"],
            read.Samples["sweep_lease_wait_seconds_bucket{le=\"+Inf\"}"], read.Samples["sweep_lease_wait_seconds_sum"],
                read.Samples["sweep_lease_wait_seconds_count"]));
        Assert.Equal(0.25, read.Samples["sweep_device_utilization_ratio{sweep_device=\"cpu\"}"]);
        Assert.Equal(3, read.Samples["slots"]);
        Assert.Equal(openMetrics ? 2 : 0, read.Units.Count);
    }

    [Fact]
    public void Scrape_WhenTextHasQuotesAndLineBreaks_EscapesThem()
    {
        using var exporter = new PrometheusExporter(_meter);
        _meter.CreateCounter<long>("1st..odd-name é", "{x}", "back\\slash \"quoted\"\nnext").Add(1, new KeyValuePair<string, object?>("k", "a\\b\"c\nd{,}é"));
        string plain = exporter.Scrape().Text;
        Exposition read = Exposition.Read(plain, openMetrics: false);
        Assert.Equal(1, read.Samples["_1st_odd_name_total{k=\"a\\\\b\\\"c\\nd{,}é\"}"]);
        Assert.Contains("back\\\\slash \"quoted\"\\nnext\n", plain, StringComparison.Ordinal);
        Assert.Contains("back\\\\slash \\\"quoted\\\"\\nnext\n", exporter.Scrape(OpenMetrics).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrape_WhenManyThreadsRecord_LosesNothing()
    {
        using var exporter = new PrometheusExporter(_meter);
        Histogram<double> histogram = _meter.CreateHistogram<double>("h");
        Parallel.For(0, 4000, i => histogram.Record(1, new KeyValuePair<string, object?>("k", i % 3)));
        Exposition read = Exposition.Read(exporter.Scrape().Text, openMetrics: false);
        Assert.Equal(4000, Enumerable.Range(0, 3).Sum(k => read.Samples[$"h_count{{k=\"{k}\"}}"]));
    }

    [Fact]
    public async Task Scrape_OfEveryInstrument_PassesAStrictReaderAndPromtool()
    {
        using var instruments = new Instruments();
        using var exporter = new PrometheusExporter(instruments.Meter);
        Fill(instruments);
        string text = exporter.Scrape().Text;
        Assert.Equal(12, Exposition.Read(text, openMetrics: false).Types.Count);
        Exposition.Read(exporter.Scrape(OpenMetrics).Text, openMetrics: true);

        if (Promtool.Missing is { } missing)
            Assert.Skip(missing);
        Assert.Equal((0, ""), await Promtool.RunAsync(text, "check", "metrics"));
    }

    [Fact]
    public void Scrape_OfForeignMeters_WritesEachNameOnce()
    {
        string name = $"foreign {Guid.NewGuid()}";
        using Meter one = new(name), other = new(name), unasked = new(name + " unasked");
        using var exporter = new PrometheusExporter(_meter, name, ForeignMeters.Runtime);
        one.CreateCounter<int>("calls").Add(1);
        other.CreateCounter<long>("calls").Add(2);
        other.CreateHistogram<double>("calls").Record(1);
        unasked.CreateCounter<int>("unasked").Add(1);

        Exposition read = Exposition.Read(exporter.Scrape().Text, openMetrics: false);

        Assert.Equal(3, read.Samples["calls_total"]);
        Assert.DoesNotContain(read.Types.Keys, n => n.StartsWith("unasked", StringComparison.Ordinal) || n == "calls");
        Assert.True(read.Samples["dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"}"] > 0);
        Assert.True(read.Samples["dotnet_process_memory_working_set_bytes"] > 1 << 20);
        Exposition.Read(exporter.Scrape(OpenMetrics).Text, openMetrics: true);
    }

    [Fact]
    public async Task Endpoint_WhenAsked_ServesMetrics()
    {
        using var exporter = new PrometheusExporter(_meter);
        _meter.CreateCounter<long>("c", null, "C.").Add(3);
        await using MetricsEndpoint endpoint =
            await MetricsEndpoint.StartAsync(exporter, new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        Assert.Equal(3,
            Exposition.Read(await client.GetStringAsync(endpoint.Url, TestContext.Current.CancellationToken), openMetrics: false).Samples["c_total"]);
        using var asPrometheus = new HttpRequestMessage(HttpMethod.Get, endpoint.Url);
        asPrometheus.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0;q=0.5"));
        asPrometheus.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/plain;version=0.0.4;q=0.4"));
        using HttpResponseMessage open = await client.SendAsync(asPrometheus, TestContext.Current.CancellationToken);
        Assert.Equal(3, Exposition.Read(await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), openMetrics: true).Samples["c_total"]);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(new Uri(endpoint.Url), "/"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed,
            (await client.PostAsync(endpoint.Url, new StringContent(""), TestContext.Current.CancellationToken)).StatusCode);

        var taken = IPEndPoint.Parse(new Uri(endpoint.Url).Authority);
        await Assert.ThrowsAsync<IOException>(() => MetricsEndpoint.StartAsync(exporter, taken, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Endpoint_WhenTheSiloIsNotReady_SaysWhyAndThatItLives()
    {
        using var exporter = new PrometheusExporter(_meter);
        string? trouble = "it is joining again";
        await using MetricsEndpoint endpoint = await MetricsEndpoint.StartAsync(
            exporter, new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken, () => trouble);
        using var client = new HttpClient { BaseAddress = new Uri(endpoint.Url) };
        async Task<(HttpStatusCode, string)> AskAsync(string path)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "it is joining again\n"), await AskAsync("/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await AskAsync("/healthz"));
        trouble = null;
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await AskAsync("/readyz"));
    }

    [Theory]
    [InlineData("9464", "127.0.0.1:9464")]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("0.0.0.0:9464", "0.0.0.0:9464")]
    [InlineData("*:9464", "0.0.0.0:9464")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:9464", "[::1]:9464")]
    [InlineData("65536", null)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("[127.0.0.1]:1", null)]
    [InlineData("host:9464", null)]
    [InlineData(":9464", null)]
    public void TryParse_WhenGivenAnAddress_ReadsItOrRefuses(string text, string? expected)
    {
        Assert.Equal(expected is not null, MetricsAddress.TryParse(text, out IPEndPoint? address));
        Assert.Equal(expected, address?.ToString());
    }

    private static void Fill(Instruments instruments)
    {
        foreach (Counter<long> counter in new[]
        {
            instruments.TrialsCompleted, instruments.AttemptsEnded, instruments.TrainSteps, instruments.LeasesExpired, instruments.PreprocessingCacheHits,
            instruments.TrainingCacheHits, instruments.DiagnosticsCacheHits,
        })
            counter.Add(1, new KeyValuePair<string, object?>("sweep.attempt.outcome", "completed"));
        foreach (Histogram<double> histogram in new[]
        {
            instruments.TrialDuration, instruments.PhaseDuration, instruments.TrainLoss, instruments.LeaseWait, instruments.StoreDuration,
        })
        {
            histogram.Record(0.3);
            histogram.Record(1e9);
        }
    }
}
