namespace Sweep.Client.Dashboard.Live;

/// <summary>Selects a page of comparisons.</summary>
internal sealed record ComparisonQuery
{
    public static readonly string[] Verdicts = ["decided", "undecided", "a", "b"], Means = ["only", "without"],
        Sorts = ["metric", "arm", "difference", "p_value", "p_adjusted", "verdict", "seeds"];

    /// <summary>Sorts by an axis, as in <c>where.width</c>.</summary>
    public const string ByAxis = "where.";

    /// <summary>Null for all, as below.</summary>
    public string? Metric { get; init; }

    public string? Arm { get; init; }

    /// <summary>One of <see cref="Verdicts"/>.</summary>
    public string? Verdict { get; init; }

    /// <summary>One of <see cref="Means"/>: only comparisons averaged over an axis, or all others.</summary>
    public string? Averaged { get; init; }

    /// <summary>Labels by axis: a comparison averaged over that axis doesn't match.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Where { get; init; } = [];

    /// <summary>One of <see cref="Sorts"/>, or an axis; null for the report's order.</summary>
    public string? SortBy { get; init; }

    public bool Descending { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; }
}
