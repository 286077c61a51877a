using System.Diagnostics.Metrics;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>One instrument's series. Thread-safe.</summary>
internal sealed class PrometheusFamily
{
    /// <summary>Where an instrument advises none: OpenTelemetry's default.</summary>
    private static readonly double[] DefaultBoundaries = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, PrometheusSeries> _series = new(StringComparer.Ordinal);
    private readonly bool _adds;

    private PrometheusFamily(Instrument instrument, PrometheusKind kind, bool adds, double[] boundaries)
    {
        Kind = kind;
        _adds = adds;
        Boundaries = boundaries;
        Name = PrometheusNames.Family(instrument, kind);
        Unit = PrometheusNames.Unit(instrument.Unit) ?? (instrument.Unit == "1" && kind == PrometheusKind.Gauge ? "ratio" : null);
        Help = instrument.Description ?? instrument.Name;
    }

    public PrometheusKind Kind { get; }

    /// <summary>Without a counter's <c>_total</c>.</summary>
    public string Name { get; }

    public string? Unit { get; }

    public string Help { get; }

    /// <summary>A histogram's finite upper boundaries, ascending; else empty.</summary>
    public double[] Boundaries { get; }

    /// <summary>The family of an instrument; null for a kind that there is none of here.</summary>
    public static PrometheusFamily? Of(Instrument instrument) => instrument switch
    {
        Histogram<double> h => new(h, PrometheusKind.Histogram, true, Advised(h.Advice)),
        Histogram<long> h => new(h, PrometheusKind.Histogram, true, Advised(h.Advice)),
        Histogram<int> h => new(h, PrometheusKind.Histogram, true, Advised(h.Advice)),
        Counter<double> or Counter<long> or Counter<int> => new(instrument, PrometheusKind.Counter, true, []),
        UpDownCounter<double> or UpDownCounter<long> or UpDownCounter<int> => new(instrument, PrometheusKind.Gauge, true, []),
        ObservableCounter<double> or ObservableCounter<long> or ObservableCounter<int> => new(instrument, PrometheusKind.Counter, false, []),
        { IsObservable: true } or Gauge<double> or Gauge<long> or Gauge<int> => new(instrument, PrometheusKind.Gauge, false, []),
        _ => null,
    };

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // A sum with it would stay NaN forever.
        if (_adds && double.IsNaN(value))
            return;
        string labels = PrometheusText.Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out PrometheusSeries? series))
                _series[labels] = series = new PrometheusSeries(labels, Boundaries.Length);
            series.Value = _adds ? series.Value + value : value;
            if (Kind != PrometheusKind.Histogram)
                return;
            series.Count++;

            // The first boundary that is not below the value: buckets hold their upper boundary.
            int bucket = Array.BinarySearch(Boundaries, value);
            series.Buckets[bucket < 0 ? ~bucket : bucket]++;
        }
    }

    public void WriteTo(PrometheusText text)
    {
        lock (_lock)
        {
            if (_series.Count > 0)
                text.Write(this, _series.Values);
        }
    }

    private static double[] Advised<T>(InstrumentAdvice<T>? advice)
        where T : struct => advice?.HistogramBucketBoundaries is { } given ? [.. given.Select(b => Convert.ToDouble(b))] : DefaultBoundaries;
}
