using System.Reflection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Sends metrics, traces and logs by OTLP, as the standard variables say: on where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or that of one signal,
/// <c>…_METRICS_ENDPOINT</c>, <c>…_TRACES_ENDPOINT</c>, <c>…_LOGS_ENDPOINT</c>) is set, off with <c>OTEL_SDK_DISABLED=true</c>, for one signal with
/// <c>OTEL_METRICS_EXPORTER=none</c> and the like. The SDK reads all others (protocol, headers, intervals, sampler). Disposing sends what is left.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string DefaultServiceName = "sweep";

    /// <summary>Calls of grains, and what the cluster does for them.</summary>
    private static readonly string[] OrleansSources = ["Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime"];

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;
    private readonly ILoggerFactory? _logs;

    private OtlpExport(string instance, OtlpSignals signals, string source)
    {
        // What the environment says of the service (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes last and wins.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService(DefaultServiceName, serviceVersion: Version, autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        if (signals.HasFlag(OtlpSignals.Metrics))
        {
            string[] meters = [Instruments.Name, .. ForeignMeters.All];
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meters).AddOtlpExporter().Build();
        }

        if (signals.HasFlag(OtlpSignals.Traces))
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource([source, .. OrleansSources]).AddOtlpExporter().Build();
        if (!signals.HasFlag(OtlpSignals.Logs))
            return;
        _logs = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(resource).AddOtlpExporter();
        }));
        Logger = _logs.CreateLogger(Instruments.Name);
    }

    /// <summary>Where the log goes; null where it isn't sent.</summary>
    public ILogger? Logger { get; }

    private static string? Version => typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Whether the environment asks for traces.</summary>
    public static bool Traces => Wanted(Environment.GetEnvironmentVariable).HasFlag(OtlpSignals.Traces);

    /// <summary>As the environment says; null where it asks for nothing.</summary>
    /// <param name="instance">Tells this process from others: the silo's id.</param>
    public static OtlpExport? FromEnvironment(string instance) => FromEnvironment(instance, OtlpSignals.All, Instruments.Name);

    /// <summary>The same of one source's spans alone.</summary>
    internal static OtlpExport? TracesFromEnvironment(string instance, string source) => FromEnvironment(instance, OtlpSignals.Traces, source);

    private static OtlpExport? FromEnvironment(string instance, OtlpSignals most, string source)
    {
        OtlpSignals signals = Wanted(Environment.GetEnvironmentVariable) & most;
        return signals == OtlpSignals.None ? null : new OtlpExport(instance, signals, source);
    }

    /// <summary>Which signals the environment asks for.</summary>
    internal static OtlpSignals Wanted(Func<string, string?> variable)
    {
        bool disabled = string.Equals(variable("OTEL_SDK_DISABLED")?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        return disabled ? OtlpSignals.None : Signal("METRICS", OtlpSignals.Metrics) | Signal("TRACES", OtlpSignals.Traces) | Signal("LOGS", OtlpSignals.Logs);

        OtlpSignals Signal(string name, OtlpSignals signal)
        {
            bool endpoint = !string.IsNullOrWhiteSpace(variable(Endpoint)) || !string.IsNullOrWhiteSpace(variable($"OTEL_EXPORTER_OTLP_{name}_ENDPOINT"));
            string? exporters = variable($"OTEL_{name}_EXPORTER");
            bool wanted = string.IsNullOrWhiteSpace(exporters) || exporters.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.Ordinal);
            return endpoint && wanted ? signal : OtlpSignals.None;
        }
    }

    public void Dispose()
    {
        _logs?.Dispose();
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
