using System.Globalization;
using Sweep.Silo.Telemetry;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>What a collector gets of a whole <c>sweep run</c>. Field numbers are those of opentelemetry-proto 1.x.</summary>
public sealed class OtlpExportTests(PostgresServer server)
{
    private const int Trials = 8;

    [Theory]
    [InlineData("http/protobuf", "/v1/traces", "/v1/metrics", "/v1/logs")]
    [InlineData(
        "grpc",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export")]
    public async Task Run_WhenAnEndpointIsSet_SendsTracesMetricsAndLogs(string protocol, string tracesPath, string metricsPath, string logsPath)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: protocol == "grpc");
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        (string, string)[] environment =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
        ];

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, environment, "run", "tiny.yaml", "--slots", "1");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        if (protocol != "grpc")
            Assert.All(receiver.Received, r => Assert.Equal("application/x-protobuf", r.ContentType));

        // ResourceSpans: resource 1, scope_spans 2; ScopeSpans: scope 1, spans 2.
        ProtobufMessage[] resources = [.. receiver.Messages(tracesPath, 1)];
        Assert.All(
            resources,
            r => Assert.Equal(("sweep", "test"), (Attribute(r.Message(1), 1, "service.name"), Attribute(r.Message(1), 1, "deployment.environment.name"))));
        IEnumerable<string> named = resources.Select(r => Attribute(r.Message(1), 1, "service.instance.id")!.Split('/')[0]);
        string[] instances = [.. named.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Assert.Equal(["embedded", "launch"], instances);
        ProtobufMessage[] spans = [.. resources.SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2))];

        // Span: trace_id 1, span_id 2, parent_span_id 4, name 5, attributes 9, links 13.
        ProtobufMessage[] attempts = [.. spans.Where(s => s.Text(5) == "attempt")];
        Assert.Equal(Trials, attempts.Select(s => s.Hex(1)).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Trials, attempts.Select(s => Attribute(s, 9, "sweep.trial.id")).Distinct(StringComparer.Ordinal).Count());
        Assert.Single(attempts.Select(s => s.Message(13).Hex(1)).Distinct(StringComparer.Ordinal));
        Assert.All(attempts, attempt =>
        {
            Assert.Equal("", attempt.Hex(4));
            Assert.Equal(
                ["commit", "dataset", "evaluate", "fit", "lease", "sample", "train"],
                spans.Where(s => s.Hex(1) == attempt.Hex(1) && s.Hex(4) == attempt.Hex(2)).Select(s => s.Text(5)).Order(StringComparer.Ordinal));
        });

        // All are linked to the launch, which is a trace of its own.
        ProtobufMessage launch = Assert.Single(spans, s => s.Text(5) == "launch");
        Assert.Equal(launch.Hex(2), Assert.Single(attempts.Select(s => s.Message(13).Hex(2)).Distinct(StringComparer.Ordinal)));

        // ResourceLogs: scope_logs 2; ScopeLogs: log_records 2; LogRecord: severity_number 2, body 5, attributes 6, trace_id 9, span_id 10.
        ProtobufMessage[] logs = [.. receiver.Messages(logsPath, 1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2))];
        ProtobufMessage[] ends = [.. logs.Where(l => l.Message(5).Text(1).EndsWith("ended: completed", StringComparison.Ordinal))];
        Assert.Equal(Trials, ends.Length);
        Assert.All(ends, end =>
        {
            Assert.Equal(9UL, end.Number(2));
            ProtobufMessage attempt = Assert.Single(attempts, a => Attribute(a, 9, "sweep.trial.id") == Attribute(end, 6, "sweep.trial.id"));
            Assert.Equal(attempt.Hex(1), end.Hex(9));
            Assert.Equal("1", end.Messages(6).Single(a => a.Text(1) == "sweep.trial.attempt").Message(2).Number(3).ToString(CultureInfo.InvariantCulture));
        });

        // ResourceMetrics: scope_metrics 2; ScopeMetrics: metrics 2; Metric: name 1, unit 3, sum 7, histogram 9; Sum, Histogram: data_points 1;
        // NumberDataPoint: as_int 6; HistogramDataPoint: count 4.
        ProtobufMessage[] metrics = [.. receiver.Messages(metricsPath, 1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2))];
        ProtobufMessage completed = metrics.Last(m => m.Text(1) == "sweep.trials.completed");
        Assert.Equal(("{trial}", (ulong)Trials), (completed.Text(3), completed.Message(7).Messages(1).Single().Number(6)));
        Assert.Contains(metrics, m => m.Text(1) == "dotnet.process.cpu.time");
        ProtobufMessage duration = metrics.Last(m => m.Text(1) == "sweep.trial.duration");
        ProtobufMessage point = duration.Message(9).Messages(1).Single();
        Assert.Equal(("s", (ulong)Trials, "completed"), (duration.Text(3), point.Number(4), Attribute(point, 9, "sweep.attempt.outcome")));
        Assert.Equal((ulong)Trials, point.Fixed64s(6).Aggregate((a, b) => a + b));
    }

    [Fact]
    public async Task Attempts_OfASweepLaunchedByAnotherProcess_AreLinkedToItsTrace()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        (string, string)[] environment =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("SWEEP_STORE", server.Url("trace_context")),
            ("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ];

        SweepOutcome launched = await SweepProcess.RunAsync(scratch.Path, environment, "launch", "tiny.yaml");
        Assert.True(launched.ExitCode == 0, launched.Error);
        SweepOutcome worked = await SweepProcess.RunAsync(scratch.Path, environment, "silo", "--slots", "1", "--exit-when-idle");
        Assert.True(worked.ExitCode == 0, worked.Error);

        ProtobufMessage[] spans = [.. receiver.Messages("/v1/traces", 1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2))];
        ProtobufMessage launch = Assert.Single(spans, s => s.Text(5) == "launch");
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (launch.Hex(1), launch.Hex(4)));
        ProtobufMessage[] attempts = [.. spans.Where(s => s.Text(5) == "attempt")];
        Assert.Equal(Trials, attempts.Length);
        Assert.All(attempts, a => Assert.Equal((launch.Hex(1), launch.Hex(2)), (a.Message(13).Hex(1), a.Message(13).Hex(2))));

        // What an attempt asks of grains is of its trace, and Orleans' own metrics go along.
        ProtobufMessage[] calls =
        [
            .. receiver.Messages("/v1/traces", 1).SelectMany(r => r.Messages(2)).Where(s => s.Message(1).Text(1) == "Microsoft.Orleans.Application")
                .SelectMany(s => s.Messages(2)),
        ];
        Assert.NotEmpty(calls.Select(c => c.Hex(1)).Intersect(attempts.Select(a => a.Hex(1)), StringComparer.Ordinal));
        Assert.Contains(
            receiver.Messages("/v1/metrics", 1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2)), m =>
                m.Text(1)!.StartsWith("orleans-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("metrics traces logs", "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318")]
    [InlineData("traces", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/v1/traces")]
    [InlineData("metrics", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4318/v1/metrics")]
    [InlineData("logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://c:4318/v1/logs")]
    [InlineData("metrics logs", "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(
        "traces",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318",
        "OTEL_METRICS_EXPORTER=prometheus",
        "OTEL_TRACES_EXPORTER=console, otlp",
        "OTEL_LOGS_EXPORTER=none")]
    [InlineData("", "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=TRUE")]
    [InlineData("metrics traces logs", "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=false")]
    [InlineData("", "OTEL_EXPORTER_OTLP_ENDPOINT= ")]
    [InlineData("", "OTEL_SERVICE_NAME=x")]
    public void Wanted_OfAnEnvironment_IsWhatTheStandardSays(string signals, params string[] environment)
    {
        var variables = environment.Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        OtlpSignals wanted = OtlpExport.Wanted(variables.GetValueOrDefault);
        Assert.Equal(
            signals,
            string.Join(
                ' ',
                new[] { OtlpSignals.Metrics, OtlpSignals.Traces, OtlpSignals.Logs }
                    .Where(s => wanted.HasFlag(s))
                    .Select(s => s.ToString().ToLowerInvariant())));
    }

    /// <summary>The text of an attribute; KeyValue: key 1, value 2; AnyValue: string_value 1.</summary>
    private static string? Attribute(ProtobufMessage message, int field, string key) =>
        message.Messages(field).Where(a => a.Text(1) == key).Select(a => a.Message(2).Text(1)).SingleOrDefault();
}
