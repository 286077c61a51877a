using Sweep.Silo.Telemetry;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>What a collector gets of a whole <c>sweep run</c>. Field numbers are those of opentelemetry-proto 1.x.</summary>
public sealed class OtlpExportTests
{
    private const int Trials = 8;

    [Theory]
    [InlineData("http/protobuf", "/v1/traces", "/v1/metrics")]
    [InlineData("grpc", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task Run_WhenAnEndpointIsSet_SendsTracesAndMetrics(string protocol, string tracesPath, string metricsPath)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: protocol == "grpc");
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        (string, string)[] environment =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
        ];

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, environment, "run", "tiny.yaml", "--slots", "1");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        if (protocol != "grpc")
            Assert.All(receiver.Received, r => Assert.Equal("application/x-protobuf", r.ContentType));

        // ResourceSpans: resource 1, scope_spans 2; ScopeSpans: scope 1, spans 2.
        ProtobufMessage[] resources = [.. receiver.Messages(tracesPath, 1)];
        Assert.All(resources, r => Assert.Equal(("sweep", "test"), (Attribute(r.Message(1), 1, "service.name"), Attribute(r.Message(1), 1, "deployment.environment.name"))));
        Assert.StartsWith("embedded/", Attribute(resources[0].Message(1), 1, "service.instance.id"), StringComparison.Ordinal);
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
                ["commit", "dataset", "evaluate", "fit", "sample", "train"],
                spans.Where(s => s.Hex(1) == attempt.Hex(1) && s.Hex(4) == attempt.Hex(2)).Select(s => s.Text(5)).Order(StringComparer.Ordinal));
        });

        // ResourceMetrics: scope_metrics 2; ScopeMetrics: metrics 2; Metric: name 1, unit 3, sum 7, histogram 9; Sum, Histogram: data_points 1; NumberDataPoint: as_int 6; HistogramDataPoint: count 4.
        ProtobufMessage[] metrics = [.. receiver.Messages(metricsPath, 1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2))];
        ProtobufMessage completed = metrics.Last(m => m.Text(1) == "sweep.trials.completed");
        Assert.Equal(("{trial}", (ulong)Trials), (completed.Text(3), completed.Message(7).Messages(1).Single().Number(6)));
        ProtobufMessage duration = metrics.Last(m => m.Text(1) == "sweep.trial.duration");
        ProtobufMessage point = duration.Message(9).Messages(1).Single();
        Assert.Equal(("s", (ulong)Trials, "completed"), (duration.Text(3), point.Number(4), Attribute(point, 9, "sweep.attempt.outcome")));
        Assert.Equal((ulong)Trials, point.Fixed64s(6).Aggregate((a, b) => a + b));
    }

    [Theory]
    [InlineData(true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/v1/traces")]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4318/v1/metrics")]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_METRICS_EXPORTER=prometheus", "OTEL_TRACES_EXPORTER=console, otlp")]
    [InlineData(false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=TRUE")]
    [InlineData(true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=false")]
    [InlineData(false, false, "OTEL_EXPORTER_OTLP_ENDPOINT= ")]
    [InlineData(false, false, "OTEL_SERVICE_NAME=x")]
    public void Wanted_OfAnEnvironment_IsWhatTheStandardSays(bool metrics, bool traces, params string[] environment)
    {
        var variables = environment.Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        Assert.Equal((metrics, traces), OtlpExport.Wanted(variables.GetValueOrDefault));
    }

    /// <summary>The text of an attribute; KeyValue: key 1, value 2; AnyValue: string_value 1.</summary>
    private static string? Attribute(ProtobufMessage message, int field, string key) =>
        message.Messages(field).Where(a => a.Text(1) == key).Select(a => a.Message(2).Text(1)).SingleOrDefault();
}
