using System.Globalization;
using System.Text;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Writes families as text: Prometheus' exposition format 0.0.4, or OpenMetrics 1.0.0, in which a counter's family goes without <c>_total</c>, units have lines
/// of their own, and the text ends with a mark.
/// </summary>
internal sealed class PrometheusText(bool openMetrics)
{
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Write(PrometheusFamily family, IEnumerable<PrometheusSeries> series)
    {
        string sample = family.Kind == PrometheusKind.Counter ? $"{family.Name}_total" : family.Name;
        string name = openMetrics ? family.Name : sample;
        _text.Append($"# HELP {name} ").Append(Escape(family.Help, quotes: openMetrics)).Append('\n');
        _text.Append($"# TYPE {name} {Word(family.Kind)}\n");
        if (openMetrics && family.Unit is { } unit)
            _text.Append($"# UNIT {name} {unit}\n");
        foreach (PrometheusSeries one in series)
        {
            if (family.Kind == PrometheusKind.Histogram)
                Histogram(family, one);
            else
                Sample(sample, one.Labels, Number(one.Value));
        }
    }

    public string End()
    {
        if (openMetrics)
            _text.Append("# EOF\n");
        return _text.ToString();
    }

    /// <summary><c>a="b",c="d"</c>, sorted by name; empty for none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return string.Empty;
        var pairs = new string[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            string value = Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? string.Empty;
            pairs[i] = $"{PrometheusNames.Clean(tags[i].Key)}=\"{Escape(value, quotes: true)}\"";
        }

        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join(',', pairs);
    }

    private void Histogram(PrometheusFamily family, PrometheusSeries series)
    {
        long below = 0;
        for (int i = 0; i < series.Buckets.Length; i++)
        {
            below += series.Buckets[i];
            double boundary = i < family.Boundaries.Length ? family.Boundaries[i] : double.PositiveInfinity;
            string le = $"le=\"{Boundary(boundary)}\"";
            Sample($"{family.Name}_bucket", series.Labels.Length == 0 ? le : $"{series.Labels},{le}", Number(below));
        }

        Sample($"{family.Name}_sum", series.Labels, Number(series.Value));
        Sample($"{family.Name}_count", series.Labels, Number(series.Count));
    }

    private void Sample(string name, string labels, string value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value).Append('\n');
    }

    private static string Escape(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    /// <summary>OpenMetrics wants boundaries to look like floating point, <c>1.0</c>.</summary>
    private string Boundary(double boundary)
    {
        string number = Number(boundary);
        return openMetrics && double.IsFinite(boundary) && !number.Contains('.') && !number.Contains('e') ? $"{number}.0" : number;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal),
    };

    private static string Word(PrometheusKind kind) => kind switch
    {
        PrometheusKind.Counter => "counter",
        PrometheusKind.Histogram => "histogram",
        _ => "gauge",
    };
}
