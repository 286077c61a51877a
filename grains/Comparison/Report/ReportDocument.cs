using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// report.json, version 2, member for member in snake_case. Additive changes only; a non-finite number is null with a reason beside it.
/// Everything but <see cref="Generated"/>, <see cref="Environment"/> and the metrics named <c>*_seconds</c> is a pure function of the
/// stored results.
/// </summary>
public sealed record ReportDocument
{
    public int Version { get; init; } = 2;

    /// <summary>ISO 8601, UTC.</summary>
    public required DateTimeOffset Generated { get; init; }

    public required SweepSection Sweep { get; init; }

    public required TrialsSection Trials { get; init; }

    public required ReportEnvironment Environment { get; init; }

    public required IReadOnlyList<MetricInfo> Metrics { get; init; }

    public required AnswerSection Answer { get; init; }

    public required IReadOnlyList<GroupSection> Groups { get; init; }

    public required IReadOnlyList<ComparisonSection> Comparisons { get; init; }

    public required FamilySection Family { get; init; }

    /// <summary>What a search found; left out for a grid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchSection? Search { get; init; }

    /// <summary>How settings were chosen; left out where none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TuningSection? Tuning { get; init; }

    /// <summary>Which axes explain how much, by data set; left out where none but the data set varies.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImportanceSection>? Importance { get; init; }

    /// <summary>The settings by the two metrics of <c>compare.pareto</c>, by data set; left out where the spec has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ParetoSection>? Pareto { get; init; }

    /// <summary>In the spec's order; empty where it states none.</summary>
    public IReadOnlyList<ExpectationSection> Expectations { get; init; } = [];

    /// <summary>
    /// Pictures of samples beside real ones, a section per image dataset; left out where there are none. They come from the trials' artifacts, so only a report
    /// made where those are has them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SamplesSection>? Samples { get; init; }

    /// <summary>The same of other data, as points in a plane.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScatterSection>? Scatters { get; init; }

    /// <summary>Latent space, the fitted map, paths and the score, of a trial per dataset and arm.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldSection>? Fields { get; init; }

    /// <summary>Null where the sweep never stated any.</summary>
    public ExpectationRules? ExpectationRules { get; init; }
}
