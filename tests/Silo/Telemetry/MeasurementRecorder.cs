using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sweep.Silo.Telemetry;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>Keeps the measurements of one <see cref="Instruments"/>, with the values of their attributes.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _all = [];

    public MeasurementRecorder(Instruments instruments)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, instruments.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<(string Name, double Value, string Tags)> All => _all;

    public double Sum(string name, string tags = "") =>
        _all.Where(m => string.Equals(m.Name, name, StringComparison.Ordinal) && m.Tags.Contains(tags, StringComparison.Ordinal)).Sum(m => m.Value);

    public int Count(string name, string tags = "") =>
        _all.Count(m => string.Equals(m.Name, name, StringComparison.Ordinal) && m.Tags.Contains(tags, StringComparison.Ordinal));

    /// <summary>What an observable instrument says now.</summary>
    public double Observe(string name)
    {
        _listener.RecordObservableInstruments();
        return _all.Last(m => string.Equals(m.Name, name, StringComparison.Ordinal)).Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
}
