using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>
/// A strict reader of the text that Prometheus scrapes, of both formats: a family's lines stand together after its HELP and TYPE, counters end with
/// <c>_total</c>, histograms cumulate up to <c>+Inf</c>, which is their count, no series comes twice, and what isn't a number, a name or a label is an error.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    /// <summary>By name and labels as written: <c>a_total{b="c"}</c>.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>By family, as its TYPE line has it.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    public Dictionary<string, string> Units { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Help { get; } = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is not as it should be.</exception>
    public static Exposition Read(string text, bool openMetrics)
    {
        var read = new Exposition();
        if (!text.EndsWith('\n') || text.Contains('\r', StringComparison.Ordinal))
            throw new FormatException("lines end with a line feed, the last one too");
        string[] lines = text[..^1].Split('\n');
        if (openMetrics != (lines[^1] == "# EOF"))
            throw new FormatException("# EOF ends OpenMetrics, and nothing else");
        string family = "";
        foreach (string line in openMetrics ? lines[..^1] : lines)
        {
            if (!line.StartsWith('#'))
            {
                read.Sample(line, family, openMetrics);
                continue;
            }

            Match comment = Comment().Match(line);
            if (!comment.Success || (comment.Groups["word"].Value == "UNIT" && !openMetrics))
                throw new FormatException(line);
            (string word, string name, string rest) = (comment.Groups["word"].Value, comment.Groups["name"].Value, comment.Groups["rest"].Value);
            if (word == "HELP")
            {
                if (!read.Help.TryAdd(name, rest))
                    throw new FormatException($"a family twice: {line}");
                family = name;
            }
            else if (name != family)
            {
                throw new FormatException($"of another family: {line}");
            }
            else if (word == "TYPE")
            {
                read._types.Add(name, rest);
            }
            else
            {
                if (!name.EndsWith($"_{rest}", StringComparison.Ordinal))
                    throw new FormatException($"a name that doesn't end with its unit: {line}");
                read.Units.Add(name, rest);
            }
        }

        read.CheckHistograms();
        return read;
    }

    private void Sample(string line, string family, bool openMetrics)
    {
        Match match = SampleLine().Match(line);
        if (!match.Success || !_types.TryGetValue(family, out string? type))
            throw new FormatException(line);
        string name = match.Groups["name"].Value;
        string stem = type == "counter" && !openMetrics ? family[..^"_total".Length] : family;
        bool fits = type switch
        {
            "counter" => name == $"{stem}_total" && (openMetrics || family == name),
            "gauge" => name == family && !name.EndsWith("_total", StringComparison.Ordinal),
            "histogram" => name == $"{family}_bucket" || name == $"{family}_sum" || name == $"{family}_count",
            _ => false,
        };
        string number = match.Groups["value"].Value;
        double value =
            number switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(number, CultureInfo.InvariantCulture) };
        if (!fits || (type == "counter" && !(value >= 0)) || !_samples.TryAdd(line[..line.LastIndexOf(' ')], value))
            throw new FormatException(line);
    }

    private void CheckHistograms()
    {
        foreach (string family in _types.Where(t => t.Value == "histogram").Select(t => t.Key))
        {
            var buckets = _samples.Where(s => s.Key.StartsWith($"{family}_bucket{{", StringComparison.Ordinal))
                .GroupBy(s => Regex.Replace(s.Key[$"{family}_bucket".Length..], ",?le=\"[^\"]*\"", "", RegexOptions.None, TimeSpan.FromSeconds(1)),
                    StringComparer.Ordinal);
            foreach (var series in buckets)
            {
                string labels = series.Key == "{}" ? "" : series.Key;
                (double Le, double Count)[] all = [.. series.Select(s => (Boundary(s.Key), s.Value))];
                bool ascend = all.Zip(all[1..]).All(p => p.First.Le < p.Second.Le && p.First.Count <= p.Second.Count);
                if (!ascend || !double.IsPositiveInfinity(all[^1].Le) || all[^1].Count != _samples[$"{family}_count{labels}"]
                    || !_samples.ContainsKey($"{family}_sum{labels}"))
                    throw new FormatException($"{family}{labels}: buckets");
            }
        }
    }

    private static double Boundary(string sample)
    {
        string le = Regex.Match(sample, "le=\"(?<le>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["le"].Value;
        return le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^# (?<word>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="([^"\\]|\\[\\"n])*"(,[a-zA-Z_]\w*="([^"\\]|\\[\\"n])*")*\})? (?<value>\S+)$""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SampleLine();
}
