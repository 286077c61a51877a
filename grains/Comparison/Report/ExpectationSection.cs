using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>An expectation as it was judged.</summary>
public sealed record ExpectationSection
{
    public required string Claim { get; init; }

    /// <summary>The condition as the spec has it, in one spelling: <c>b / a &lt;= 0.3</c>.</summary>
    public required string Is { get; init; }

    /// <summary>What is held against <see cref="Threshold"/>: <c>x</c>, <c>b - a</c>, <c>b - 0.3 a</c>, <c>ln(b / a)</c>.</summary>
    public required string Quantity { get; init; }

    /// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>.</summary>
    public required string Relation { get; init; }

    public required double Threshold { get; init; }

    /// <summary>True where the quantity stands in bars: the thresholds are then minus and plus <see cref="Threshold"/>.</summary>
    public required bool Absolute { get; init; }

    /// <summary>Of the quantity; empty where it has none.</summary>
    public required string Unit { get; init; }

    /// <summary><c>mean</c> or <c>median</c> over seeds.</summary>
    public string Over { get; init; } = "mean";

    /// <summary>The metric, or the two that are compared.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>What a and b are; null without a comparison.</summary>
    public required ExpectationSides? Compare { get; init; }

    /// <summary>Axis to the values that it may have; an axis left out may have any.</summary>
    public required JsonObject Where { get; init; }

    /// <summary>The axis along which the condition is to begin to hold; its groups are then every value of it, in that order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Along { get; init; }

    /// <summary>
    /// <c>supported</c> in every group, <c>refuted</c> in some, or <c>undecided</c>; <c>empty</c> where it is supported and a control doesn't fail.
    /// </summary>
    public required string Verdict { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>When it was stated, and how many trials had completed by then; null where no store says.</summary>
    public required ExpectationRegistration? Registered { get; init; }

    public required IReadOnlyList<ExpectationGroupSection> Groups { get; init; }

    /// <summary>The group that decides: the most contrary one, or the one that supports it least.</summary>
    public required int Decisive { get; init; }

    /// <summary>
    /// Where the same must fail, as they were judged; a control's own <see cref="Verdict"/> is that of what is judged there. Null where the claim has none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExpectationSection>? Controls { get; init; }

    /// <summary>Of a control: whether it fails, as it must. Null of a claim.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Fails { get; init; }
}
