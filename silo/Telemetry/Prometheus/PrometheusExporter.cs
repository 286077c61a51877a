using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Adds up what a meter's instruments measure, for Prometheus to scrape. From when it is made; series live as long as it does, which is why attributes have few values. Thread-safe.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, PrometheusFamily> _families = [];
    private readonly Lock _observing = new();

    public PrometheusExporter(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter) || PrometheusFamily.Of(instrument) is not { } family)
                return;
            _families[instrument] = family;
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>What is known now, and how to call it in HTTP.</summary>
    /// <param name="accept">The request's Accept header: Prometheus asks for OpenMetrics, people and old agents don't.</param>
    public (string Text, string ContentType) Scrape(string? accept = null)
    {
        bool openMetrics = accept?.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) ?? false;
        var text = new PrometheusText(openMetrics);
        lock (_observing)
            _listener.RecordObservableInstruments();
        foreach (PrometheusFamily family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            family.WriteTo(text);
        return (text.End(), openMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType);
    }

    public void Dispose() => _listener.Dispose();
}
