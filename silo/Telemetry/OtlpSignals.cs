namespace Sweep.Silo.Telemetry;

/// <summary>What OTLP carries.</summary>
[Flags]
internal enum OtlpSignals
{
    None = 0,
    Metrics = 1,
    Traces = 2,
    Logs = 4,
    All = Metrics | Traces | Logs,
}
