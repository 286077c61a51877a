using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>How the verdicts were reached: the primary family, which carries the answer, and the secondary ones, each adjusted within itself.</summary>
public sealed record FamilySection
{
    /// <summary>In <see cref="ComparisonSection.Family"/> of comparisons by the metric of <c>compare</c>.</summary>
    public const string Primary = "primary";

    /// <summary>Of comparisons by any other metric.</summary>
    public const string Exploratory = "secondary";

    /// <summary>
    /// How many comparisons the spec plans by the metric of <c>compare</c>: their p-values are adjusted together, those without a test at p = 1.
    /// </summary>
    public required int Comparisons { get; init; }

    /// <summary>The adjustment.</summary>
    public required string Method { get; init; }

    /// <summary>A verdict needs an adjusted p-value below this.</summary>
    public required double Alpha { get; init; }

    /// <summary>The test behind each p-value of the primary family.</summary>
    public required string Test { get; init; }

    /// <summary>The primary family's.</summary>
    public string Metric { get; init; } = "";

    /// <summary>How many of <see cref="Comparisons"/> have a p-value.</summary>
    public int Tested { get; init; }

    /// <summary>Seeds that the spec plans.</summary>
    public int Seeds { get; init; }

    /// <summary>
    /// The smallest |mean| / sd of the paired differences over seeds that the plain t-test calls with probability 0.8 at alpha / comparisons; null with one
    /// seed. See <see cref="Statistics.SmallestEffect"/>.
    /// </summary>
    public double? SmallestEffect { get; init; }

    /// <summary>
    /// The looks that p-values are corrected for, the present results last; left out for a sweep that was never extended with results already there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LookSection>? Looks { get; init; }

    /// <summary>The race's looks; left out for what is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RaceSection? Race { get; init; }

    public IReadOnlyList<SecondaryFamily> Secondary { get; init; } = [];
}
