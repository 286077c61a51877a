using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP, as the standard variables say: on where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or that of one signal, <c>…_METRICS_ENDPOINT</c>, <c>…_TRACES_ENDPOINT</c>) is set, off with
/// <c>OTEL_SDK_DISABLED=true</c>, for one signal with <c>OTEL_METRICS_EXPORTER=none</c> or <c>OTEL_TRACES_EXPORTER=none</c>. The SDK reads all others (protocol, headers, intervals, sampler). Disposing sends what is left.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string DefaultServiceName = "sweep";

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(string instance, bool metrics, bool traces)
    {
        // What the environment says of the service (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes last and wins.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService(DefaultServiceName, serviceVersion: Version, autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _metrics = metrics ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Instruments.Name).AddOtlpExporter().Build() : null;
        _traces = traces ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Instruments.Name).AddOtlpExporter().Build() : null;
    }

    private static string? Version => typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>As the environment says; null where it asks for nothing.</summary>
    /// <param name="instance">Tells this process from others: the silo's id.</param>
    public static OtlpExport? FromEnvironment(string instance)
    {
        (bool metrics, bool traces) = Wanted(Environment.GetEnvironmentVariable);
        return metrics || traces ? new OtlpExport(instance, metrics, traces) : null;
    }

    /// <summary>Which signals the environment asks for.</summary>
    internal static (bool Metrics, bool Traces) Wanted(Func<string, string?> variable)
    {
        bool disabled = string.Equals(variable("OTEL_SDK_DISABLED")?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        return disabled ? (false, false) : (Signal("METRICS"), Signal("TRACES"));

        bool Signal(string name)
        {
            bool endpoint = !string.IsNullOrWhiteSpace(variable(Endpoint)) || !string.IsNullOrWhiteSpace(variable($"OTEL_EXPORTER_OTLP_{name}_ENDPOINT"));
            string? exporters = variable($"OTEL_{name}_EXPORTER");
            return endpoint && (string.IsNullOrWhiteSpace(exporters) || exporters.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.Ordinal));
        }
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
