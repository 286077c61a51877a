using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>How expectations were judged, and what came of them.</summary>
public sealed record ExpectationRules
{
    /// <summary>Of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    public required string Method { get; init; }

    public required int Supported { get; init; }

    public required int Refuted { get; init; }

    public required int Undecided { get; init; }

    /// <summary>Supported, while a control does not fail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Empty { get; init; }

    /// <summary>Whether they were stated before the results, in a sentence; empty where no store says.</summary>
    public required string Registration { get; init; }

    /// <summary>Those that an earlier spec of this sweep had and the present one hasn't: not judged.</summary>
    public required IReadOnlyList<WithdrawnExpectation> Withdrawn { get; init; }
}
