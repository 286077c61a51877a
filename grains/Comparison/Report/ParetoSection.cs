using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The settings of one data set by two metrics (<c>compare.pareto</c>), and which of them nothing else beats in both.</summary>
public sealed record ParetoSection
{
    /// <summary>Its name; empty where there is but one.</summary>
    public required string Dataset { get; init; }

    /// <summary>The first metric.</summary>
    public required string X { get; init; }

    /// <summary>The second.</summary>
    public required string Y { get; init; }

    /// <summary>In the spec's order.</summary>
    public required IReadOnlyList<ParetoPoint> Points { get; init; }

    /// <summary>Settings that lack a value of either metric in some seed.</summary>
    public int LeftOut { get; init; }
}

/// <summary>A setting by two metrics.</summary>
/// <param name="Axes">The axes that vary.</param>
/// <param name="X">Mean of the first metric with its 95% interval over seeds.</param>
/// <param name="Y">The same of the second.</param>
/// <param name="Front">Whether no other setting's means are at least as good in both metrics and better in one.</param>
/// <param name="Beaten">
/// Whether some setting is better by both metrics for sure: the 95% intervals of both paired differences leave out zero, or a metric is equal in every seed and
/// the other's does. What is neither on the front nor beaten may belong to it.
/// </param>
public sealed record ParetoPoint(JsonObject Axes, DifferenceSection X, DifferenceSection Y, bool Front, bool Beaten);
