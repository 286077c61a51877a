using System.Text.Json.Nodes;

namespace Sweep.Grains.Coordination;

/// <summary>Which trials of a sweep, in which order. The default is all of them, in spec order.</summary>
public sealed record TrialQuery
{
    /// <summary>Only those in this state.</summary>
    public TrialStatus? State { get; init; }

    /// <summary>Only those whose axis has this value, as <see cref="Specs.TrialSpec.Axes"/> has it; the seed goes by <c>seed</c>.</summary>
    public IReadOnlyDictionary<string, JsonNode> Where { get; init; } = new Dictionary<string, JsonNode>(StringComparer.Ordinal);

    /// <summary>Only those at these places of the spec's expansion: cheaper than <see cref="Where"/>, since no spec is looked into.</summary>
    public IReadOnlyList<OrdinalDigit> Places { get; init; } = [];

    /// <summary>Only those whose id begins so.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>Only those with these ordinals, in spec order, at most 1,000; nothing else of a query then counts.</summary>
    public IReadOnlyList<int>? Ordinals { get; init; }

    /// <summary>
    /// <c>cost</c>, <c>attempts</c> or a metric's name; null is spec order, which also decides between equals. Trials without the metric come last.
    /// </summary>
    public string? SortBy { get; init; }

    /// <summary>From the largest down.</summary>
    public bool Descending { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; } = int.MaxValue;
}
