using System.Net;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Silo.Telemetry;
using Sweep.Silo.Telemetry.Prometheus;

namespace Sweep.Client.Running;

/// <summary>A silo's telemetry: for Prometheus where an address was given, by OTLP where the environment says so. Disposing sends what is left.</summary>
internal sealed class SiloTelemetry : IAsyncDisposable
{
    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly SweepTraces _traces;
    private PrometheusExporter? _prometheus;
    private MetricsEndpoint? _endpoint;
    private OtlpExport? _otlp;

    private SiloTelemetry(SiloOptions options, TimeProvider time, SweepTraces traces) => (_options, _time, _traces) = (options, time, traces);

    public Instruments Instruments { get; } = new();

    /// <summary>Where Prometheus finds the metrics; null where they aren't served.</summary>
    public string? Url => _endpoint?.Url;

    /// <summary>Whether anything that is measured goes anywhere.</summary>
    public bool IsExported => _endpoint is not null || _otlp is not null;

    /// <param name="notReady">Why the silo isn't at work; null where it is.</param>
    /// <exception cref="IOException">The address is taken, or not this machine's.</exception>
    public static async Task<SiloTelemetry> StartAsync(SiloOptions options, IPEndPoint? metrics, IWorkerReader reader, TimeProvider time,
        Func<string?>? notReady = null)
    {
        var telemetry = new SiloTelemetry(options, time, new SweepTraces(reader));
        try
        {
            if (metrics is not null)
            {
                telemetry._prometheus = new PrometheusExporter(telemetry.Instruments.Meter, ForeignMeters.All);
                telemetry._endpoint = await MetricsEndpoint.StartAsync(telemetry._prometheus, metrics, CancellationToken.None, notReady);
            }

            telemetry._otlp = OtlpExport.FromEnvironment(options.Id);
            return telemetry;
        }
        catch
        {
            await telemetry.DisposeAsync();
            throw;
        }
    }

    public MeasuredCoordinator Measure(IWorkSource coordinator) => new(coordinator, Instruments, _time);

    public TelemetryObserver Observe(ISiloObserver observer) =>
        new(_otlp?.Logger is { } logger ? new LogObserver(observer, logger) : observer, Instruments, _options, _time, _traces.Of);

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
            await _endpoint.DisposeAsync();
        _prometheus?.Dispose();
        _otlp?.Dispose();
        Instruments.Dispose();
    }
}
