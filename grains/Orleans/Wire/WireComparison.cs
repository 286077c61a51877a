using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>One comparison. See <see cref="ComparisonSection"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.comparison.1")]
public sealed record WireComparison
{
    [Id(0)]
    public required string Axis { get; init; }

    [Id(1)]
    public required string A { get; init; }

    [Id(2)]
    public required string B { get; init; }

    [Id(3)]
    public required string Metric { get; init; }

    /// <summary>A JSON object: the axes that are fixed.</summary>
    [Id(4)]
    public required string Where { get; init; }

    [Id(5)]
    public required string[] AveragedOver { get; init; }

    [Id(6)]
    public required int Seeds { get; init; }

    [Id(7)]
    public double? Mean { get; init; }

    [Id(8)]
    public double? Low { get; init; }

    [Id(9)]
    public double? High { get; init; }

    [Id(10)]
    public double? PValue { get; init; }

    [Id(11)]
    public double? PAdjusted { get; init; }

    [Id(12)]
    public required string Verdict { get; init; }

    [Id(13)]
    public string? Better { get; init; }

    [Id(14)]
    public string? Reason { get; init; }

    [Id(15)]
    public string? Family { get; init; }

    /// <summary>Kind and text, alternating.</summary>
    [Id(16)]
    public string[]? Marks { get; init; }

    /// <summary>Null where data are drawn anew.</summary>
    [Id(17)]
    public double? TestToTrain { get; init; }

    [Id(18)]
    public double? ResplitLow { get; init; }

    [Id(19)]
    public double? ResplitHigh { get; init; }

    /// <summary>This and the next two: of a sweep that was looked at before it was extended.</summary>
    [Id(20)]
    public double? PSequential { get; init; }

    [Id(21)]
    public int? Look { get; init; }

    [Id(22)]
    public bool? Withdrawn { get; init; }

    /// <summary>This and the next: of a race.</summary>
    [Id(23)]
    public string? Decision { get; init; }

    [Id(24)]
    public double? PEquivalence { get; init; }

    public static WireComparison Of(ComparisonSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new WireComparison
        {
            Axis = section.Axis, A = section.A, B = section.B, Metric = section.Metric, Where = section.Where.ToJsonString(),
            AveragedOver = [.. section.AveragedOver],
            Seeds = section.Seeds, Mean = section.Difference.Mean, Low = section.Difference.CiLow, High = section.Difference.CiHigh,
            PValue = section.PValue, PAdjusted = section.PAdjusted, Verdict = section.Verdict, Better = section.Better, Reason = section.Reason,
            Family = section.Family, Marks = section.Marks is { } marks ? [.. marks.SelectMany(m => new[] { m.Kind, m.Text })] : null,
            TestToTrain = section.Resplit?.TestToTrain, ResplitLow = section.Resplit?.CiLow, ResplitHigh = section.Resplit?.CiHigh,
            PSequential = section.PSequential, Look = section.Look, Withdrawn = section.Withdrawn,
            Decision = section.Decision, PEquivalence = section.PEquivalence,
        };
    }

    public ComparisonSection ToSection() => new()
    {
        Axis = Axis, A = A, B = B, Metric = Metric, Where = JsonNode.Parse(Where)!.AsObject(), AveragedOver = AveragedOver,
        Seeds = Seeds, Difference = new DifferenceSection(Mean, Low, High), PValue = PValue, PAdjusted = PAdjusted,
        Verdict = Verdict, Better = Better, Reason = Reason,
        Family = Family ?? "", Marks = Marks is { } marks ? [.. marks.Chunk(2).Select(m => new ComparisonMark(m[0], m[1]))] : null,
        Resplit = TestToTrain is { } ratio ? new ResplitInterval(ratio, ResplitLow, ResplitHigh) : null,
        PSequential = PSequential, Look = Look, Withdrawn = Withdrawn, Decision = Decision, PEquivalence = PEquivalence,
    };
}
