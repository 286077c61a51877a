using System.Diagnostics.Metrics;
using System.Text;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Names as OpenTelemetry's compatibility specification has Prometheus' of an instrument's: <c>sweep.lease.wait</c> in s becomes
/// <c>sweep_lease_wait_seconds</c>.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>The family's name, without a counter's <c>_total</c>.</summary>
    public static string Family(Instrument instrument, PrometheusKind kind)
    {
        string name = Clean(instrument.Name);
        string? unit = Unit(instrument.Unit) ?? (instrument.Unit == "1" && kind == PrometheusKind.Gauge ? "ratio" : null);
        return unit is null || name.EndsWith($"_{unit}", StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>The unit in words; null for none, for counts of things (<c>{trial}</c>) and for 1.</summary>
    public static string? Unit(string? unit) => unit switch
    {
        null or "" or "1" or ['{', ..] => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        _ => Clean(unit),
    };

    /// <summary>Letters, digits and underscores; what is anything else becomes one underscore, none at the end.</summary>
    public static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            char kept = char.IsAsciiLetterOrDigit(c) ? c : '_';
            if (clean.Length == 0 && char.IsAsciiDigit(kept))
                clean.Append('_');
            if (kept != '_' || clean.Length == 0 || clean[^1] != '_')
                clean.Append(kept);
        }

        return clean.ToString().TrimEnd('_');
    }
}
