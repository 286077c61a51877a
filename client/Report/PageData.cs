using System.Globalization;
using System.IO.Compression;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>
/// The report inside its page, as a script element: report.json as it is, or where that is too large for a page the same with fewer digits, gzipped.
/// </summary>
internal static class PageData
{
    /// <summary>A larger report.json is packed.</summary>
    public const int MaxPlainBytes = 3 << 20;

    /// <summary>Digits kept of a metric, of a curve and of half an interval. Of nats no more than <see cref="Decimals"/>.</summary>
    private const int Digits = 7, CurveDigits = 5, HalfDigits = 2, Decimals = 3;

    /// <summary>The element, such that nothing in it can end it or open a comment.</summary>
    public static string Element(ReportDocument document)
    {
        string json = ReportJson.Write(document);
        return json.Length <= MaxPlainBytes ? $"<script type=\"application/json\" id=\"report\">{Escaped(json)}</script>"
            : $"<script type=\"text/plain\" id=\"report-packed\">{Packed(Rounded(document))}</script>";
    }

    /// <summary>These characters occur in JSON only inside strings, where an escape means the same.</summary>
    private static string Escaped(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    private static string Packed(ReportDocument document)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(ReportJson.Serialize(document));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static ReportDocument Rounded(ReportDocument document)
    {
        HashSet<string> nats = [.. document.Metrics.Where(m => string.Equals(m.Unit, "nats", StringComparison.Ordinal)).Select(m => m.Name)];
        return document with
        {
            Groups = [.. document.Groups.Select(g => g with
            {
                Flat = null,
                Metrics = g.Metrics.ToDictionary(m => m.Key, m => Rounded(m.Value), StringComparer.Ordinal),
                Curves = g.Curves.ToDictionary(c => c.Key, c => Rounded(c.Value, nats.Contains(c.Key)), StringComparer.Ordinal),
            })],
            Comparisons = [.. document.Comparisons.Select(c => c with
            {
                Difference = new DifferenceSection(Rounded(c.Difference.Mean), Rounded(c.Difference.CiLow), Rounded(c.Difference.CiHigh)),
                PValue = Rounded(c.PValue, CurveDigits),
                PAdjusted = Rounded(c.PAdjusted, CurveDigits),
            })],
        };
    }

    private static MetricSummary Rounded(MetricSummary metric) => metric with
    {
        Mean = Rounded(metric.Mean), CiLow = Rounded(metric.CiLow), CiHigh = Rounded(metric.CiHigh), TruthLevel = Rounded(metric.TruthLevel),
        PerSeed = [.. metric.PerSeed.Select(v => Rounded(v))],
    };

    private static CurveSummary Rounded(CurveSummary curve, bool nats) => curve with
    {
        Mean = [.. curve.Mean.Select(v => nats ? Rounded(v is { } x && float.IsFinite(x) ? MathF.Round(x, Decimals) : v, Digits) : Rounded(v, CurveDigits))],
        CiLow = [],
        CiHigh = [],
        CiHalf = [.. curve.CiHigh.Zip(curve.Mean, (high, mean) => Rounded(high - mean, HalfDigits))],
    };

    private static double? Rounded(double? value, int digits = Digits) =>
        value is { } v && double.IsFinite(v) ? double.Parse(v.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    private static float? Rounded(float? value, int digits) =>
        value is { } v && float.IsFinite(v) ? float.Parse(v.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
}
