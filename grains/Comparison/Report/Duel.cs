using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>One arm against the baseline at one dataset and schedule, by one metric: every setting of the other axes, and their average.</summary>
internal sealed record Duel
{
    public required string A { get; init; }

    public required string B { get; init; }

    public required MetricInfo Metric { get; init; }

    /// <summary>The axes in which <see cref="Settings"/> differ.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    public required IReadOnlyList<ComparisonSection> Settings { get; init; }

    /// <summary>Over all settings within each seed; the one setting itself where there is no other.</summary>
    public required ComparisonSection? Average { get; init; }

    public IReadOnlyList<ComparisonSection> Won(string verdict) => [.. Settings.Where(c => string.Equals(c.Verdict, verdict, StringComparison.Ordinal))];

    /// <summary>How much better b is than a, positive when b is better, whichever way the metric goes.</summary>
    public static double Advantage(ComparisonSection c, MetricInfo metric) =>
        (c.Difference.Mean ?? 0) * (string.Equals(metric.Better, MetricCatalog.Lower, StringComparison.Ordinal) ? -1 : 1);

    /// <summary>By how much the winner wins: an interval for one setting, a range of means for several.</summary>
    public string Amount(IReadOnlyList<ComparisonSection> settings)
    {
        double[] sizes = [.. settings.Select(c => Math.Abs(c.Difference.Mean ?? 0))];
        return settings.Count == 1 ? Wording.WithUnit(Size(settings[0]), Metric.Unit) : Wording.WithUnit(Figures.Range(sizes.Min(), sizes.Max()), Metric.Unit);
    }

    public string Where(IReadOnlyList<ComparisonSection> settings)
    {
        string text = Wording.Settings(Axes, [.. settings.Select(c => (JsonObject)c.Where)], Settings.Count);
        return text.Length > 0 ? " " + text : "";
    }

    /// <summary>The difference seen from the better side: positive, with its interval.</summary>
    private static string Size(ComparisonSection c)
    {
        DifferenceSection d = c.Difference;
        return d.Mean switch
        {
            null => "an unknown amount",
            < 0 => Figures.Interval(-d.Mean.Value, -d.CiHigh, -d.CiLow),
            _ => Figures.Interval(d.Mean.Value, d.CiLow, d.CiHigh),
        };
    }

    /// <summary>The average in words: <c>averaged over width, gaussianize by 0.70 nats [0.61, 0.79]</c>; null where there is no average.</summary>
    public string? AverageWords()
    {
        if (Axes.Count == 0 || Average?.Difference.Mean is null || Average.Better is not { } better)
            return null;
        string winner = string.Equals(better, "b", StringComparison.Ordinal) ? B : A;
        string certainty = string.Equals(Average.Verdict, "undecided", StringComparison.Ordinal) ? ", not certain" : "";
        return $"averaged over {Wording.List(Axes.Select(a => a.Name))}, {winner} by {Wording.WithUnit(Size(Average), Metric.Unit)}{certainty}";
    }

    /// <summary>Who is better where, what is undecided, and the average.</summary>
    /// <param name="verb"><c>ends</c> or <c>is</c>.</param>
    public string Words(string verb)
    {
        List<string> parts = [];
        foreach ((string verdict, string winner, string loser) in new[] { ("b", B, A), ("a", A, B) })
        {
            IReadOnlyList<ComparisonSection> won = Won(verdict);
            if (won.Count > 0)
                parts.Add($"{winner} {verb} {Wording.Better(Metric)} than {loser}{Where(won)}, by {Amount(won)}");
        }

        ComparisonSection[] equal = [.. Settings.Where(c => c.Decision == ComparisonSection.Equivalent)];
        if (equal.Length > 0)
            parts.Add($"{B} and {A} have no difference beyond the margin{Where(equal)}");
        ComparisonSection[] open = [.. Won("undecided").Except(equal)];
        ComparisonSection[] tested = [.. open.Where(c => c.PValue is not null)];
        ComparisonSection[] untested = [.. open.Where(c => c.PValue is null)];
        if (tested.Length > 0)
        {
            bool suspected = tested.All(c => c.Reason?.Contains("collapse", StringComparison.Ordinal) == true);
            int alone = tested.Count(c => c.Difference.CiLow > 0 || c.Difference.CiHigh < 0);
            bool stopped = tested.All(c => c.Decision == ComparisonSection.Undecidable);
            string why = stopped ? "stopped: not decidable with the seeds planned" : suspected ? "the better one is suspected of mode collapse"
                : alone > 0 ? "not certain after Holm's correction, though "
                    + (tested.Length == 1 ? "its" : alone == tested.Length ? "each" : $"in {alone} of {tested.Length} the")
                    + " interval by itself leaves out zero"
                : "not certain after Holm's correction";
            double low = tested.Min(c => Advantage(c, Metric)), high = tested.Max(c => Advantage(c, Metric));
            string lean = low > 0 ? $"the means favour {B} by {Wording.WithUnit(Figures.Range(low, high), Metric.Unit)}"
                : high < 0 ? $"the means favour {A} by {Wording.WithUnit(Figures.Range(-high, -low), Metric.Unit)}"
                : $"the means go both ways, {Wording.WithUnit(Figures.Range(low, high), Metric.Unit)} in favour of {B}";
            parts.Add($"{(parts.Count == 0 ? $"{B} against {A} is undecided" : "undecided")}{Where(tested)} ({lean}; {why})");
        }

        if (untested.Length > 0)
            parts.Add($"{(parts.Count == 0 ? $"{B} against {A} is untested" : "untested")}{Where(untested)} "
                + $"({Wording.List(untested.Select(c => c.Reason ?? "no p-value").Distinct(StringComparer.Ordinal))})");
        bool oneRange = Won("a").Count == Settings.Count || Won("b").Count == Settings.Count;
        if (Settings.Count > 1 && !oneRange && AverageWords() is { } average)
            parts.Add(average);
        return string.Join("; ", parts);
    }
}
