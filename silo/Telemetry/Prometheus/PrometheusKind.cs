namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>What a family's samples mean.</summary>
internal enum PrometheusKind
{
    Counter,
    Gauge,
    Histogram,
}
