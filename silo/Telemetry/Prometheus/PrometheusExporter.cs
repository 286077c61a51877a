using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Adds up what the instruments of a meter and of those of the given names measure, for Prometheus to scrape. From when it is made; series live as
/// long as it does, which is why attributes have few values. Instruments of one name and kind are one family: Prometheus refuses a name that comes
/// twice. Thread-safe.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _observing = new();

    public PrometheusExporter(Meter meter, params IReadOnlyList<string> foreign)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            bool wanted = ReferenceEquals(instrument.Meter, meter) || foreign.Contains(instrument.Meter.Name, StringComparer.Ordinal);
            if (!wanted || PrometheusFamily.Of(instrument) is not { } family)
                return;
            PrometheusFamily known = _families.GetOrAdd(family.Name, family);
            if (known.Kind == family.Kind)
                listener.EnableMeasurementEvents(instrument, known);
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
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
