using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A comparison before its p-value: the differences b - a of the scores, one per seed.</summary>
internal sealed record Contrast
{
    public required string A { get; init; }

    public required string B { get; init; }

    public required MetricInfo Metric { get; init; }

    public required JsonObject Where { get; init; }

    public required IReadOnlyList<string> AveragedOver { get; init; }

    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Each side by seed, averaged like the differences.</summary>
    public required IReadOnlyList<double> ScoresA { get; init; }

    public required IReadOnlyList<double> ScoresB { get; init; }

    /// <summary>Value minus truth level of each side by seed, averaged like the differences; empty for metrics not judged by a truth level.</summary>
    public required IReadOnlyList<double> ExcessA { get; init; }

    public required IReadOnlyList<double> ExcessB { get; init; }

    /// <summary>Test rows per training row where seeds split the same rows again; null where they draw new points.</summary>
    public required double? TestToTrain { get; init; }

    /// <summary>Why pairs are missing; null when none is.</summary>
    public string? Missing { get; init; }

    /// <summary>Its place among its family's planned comparisons.</summary>
    public int Index { get; init; }

    /// <summary>Identifies the two sides and the place, whatever the metric.</summary>
    public string PlaceKey => $"{B}|{Where.ToJsonString()}";

    public MeanInterval? Interval => Differences.Count > 0 ? MeanInterval.Of([.. Differences]) : null;

    /// <summary><c>a</c> or <c>b</c> by the sign of the mean difference; null when there is none.</summary>
    public string? Better => BetterBy(Interval?.Mean ?? 0);

    /// <summary>The same of any mean difference.</summary>
    public string? BetterBy(double mean)
    {
        int sign = double.IsNaN(mean) ? 0 : Math.Sign(mean) * (string.Equals(Metric.Better, MetricCatalog.Lower, StringComparison.Ordinal) ? -1 : 1);
        return sign > 0 ? "b" : sign < 0 ? "a" : null;
    }

    /// <summary>The same comparison without a result.</summary>
    public Contrast Empty() => this with { Differences = [], ScoresA = [], ScoresB = [], ExcessA = [], ExcessB = [], Missing = null };
}
