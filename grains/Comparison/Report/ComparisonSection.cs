using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Two values of one axis, all else equal, paired by seed.</summary>
public sealed record ComparisonSection
{
    /// <summary>A <see cref="Decision"/>: one side is better.</summary>
    public const string Called = "called";

    /// <summary>They differ, but the better side is suspected of mode collapse.</summary>
    public const string NoWinner = "no_winner";

    /// <summary>No difference beyond the margin.</summary>
    public const string Equivalent = "equivalent";

    /// <summary>Stopped: not decidable with the seeds planned.</summary>
    public const string Undecidable = "undecidable";

    /// <summary>A seed of the look failed, was cancelled or has no value.</summary>
    public const string Untested = "untested";

    /// <summary>Not decided.</summary>
    public const string Open = "open";

    public required string Axis { get; init; }

    /// <summary>The baseline.</summary>
    public required string A { get; init; }

    public required string B { get; init; }

    /// <summary>A metric, or <c>log_likelihood@20</c>: that curve's value after reverse step 20.</summary>
    public required string Metric { get; init; }

    /// <summary>
    /// <see cref="FamilySection.Primary"/> of comparisons by the metric of <c>compare</c>, <see cref="FamilySection.Exploratory"/> of all others: whose
    /// p-values are adjusted together.
    /// </summary>
    public string Family { get; init; } = "";

    /// <summary>The axes that are fixed. One left out was averaged over within each seed.</summary>
    public required JsonObject Where { get; init; }

    /// <summary>Empty for a full group.</summary>
    public required IReadOnlyList<string> AveragedOver { get; init; }

    /// <summary>Pairs: seeds in which both sides are complete.</summary>
    public required int Seeds { get; init; }

    public required DifferenceSection Difference { get; init; }

    public required double? PValue { get; init; }

    /// <summary>
    /// The smallest over looks of p_j / w_j, w_j the look's share of the level; what is adjusted where there were several looks, and left out where there was
    /// one. See <see cref="Statistics.SequentialP"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PSequential { get; init; }

    /// <summary>The look that gave <see cref="PSequential"/>, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Look { get; init; }

    /// <summary>
    /// What became of it in a race: <see cref="Called"/>, <see cref="NoWinner"/>, <see cref="Equivalent"/>, <see cref="Undecidable"/>,
    /// <see cref="Untested"/> or <see cref="Open"/>; left out in what is none. <see cref="Look"/> is then the look that decided it, or the last that tested it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Decision { get; init; }

    /// <summary>Of the equivalence tests over looks, Holm-adjusted over the family; left out where a race has no margin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PEquivalence { get; init; }

    /// <summary>True where it would be called but for the correction for looks, now or at an earlier look; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Withdrawn { get; init; }

    /// <summary>Holm-adjusted over its family, the comparisons by this metric; 1 without a test, as it keeps its place there.</summary>
    public required double? PAdjusted { get; init; }

    /// <summary><c>a</c>, <c>b</c> or <c>undecided</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The sign alone: which is better on average, <c>a</c> or <c>b</c>; null when equal or unknown.</summary>
    public required string? Better { get; init; }

    /// <summary>Why the p-value leans on symmetry more than others; left out where nothing says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ComparisonMark>? Marks { get; init; }

    /// <summary>The interval for rows like these, on finite data; left out for data that are drawn anew.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResplitInterval? Resplit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
