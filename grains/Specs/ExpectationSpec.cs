using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Specs;

/// <summary>One entry of <c>expect</c>: what a sweep is expected to show.</summary>
public sealed record ExpectationSpec
{
    /// <summary>The fewest seeds whose least and largest hold the median with 95%: 1 - 2 / 2^6 = 0.97.</summary>
    public const int MinSeedsForMedian = 6;

    /// <summary>In the user's words: untrusted text for whoever shows it.</summary>
    public required string Claim { get; init; }

    /// <summary>Axis to the labels (as text) that it may have there, in the sweep's axis order. An axis that isn't named may have any.</summary>
    public required IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Where { get; init; }

    /// <summary>One metric, or the two of a comparison of metrics: a, then b.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The compared axis; null without a comparison of its values.</summary>
    public string? Axis { get; init; }

    /// <summary>The compared values' labels as text; null likewise.</summary>
    public string? A { get; init; }

    public string? B { get; init; }

    public required Condition Is { get; init; }

    /// <summary>True where it is about the median over seeds, not the mean.</summary>
    public bool Median { get; init; }

    /// <summary>Where the curves that <see cref="Metrics"/> then names are read, ascending: the claim is about each of these places. Empty for none.</summary>
    public IReadOnlyList<double> At { get; init; } = [];

    /// <summary>The axis along which the condition is expected to begin to hold; null without one.</summary>
    public string? Along { get; init; }

    /// <summary>The labels (as text) of its values, in the order in which they are gone through; empty likewise.</summary>
    public IReadOnlyList<string> Doses { get; init; } = [];

    /// <summary>Where the same must fail.</summary>
    public IReadOnlyList<ControlSpec> Controls { get; init; } = [];

    /// <summary>Null until a store has it.</summary>
    public ExpectationRegistration? Registered { get; init; }

    /// <summary>All that is read of trials, for the controls too.</summary>
    public IEnumerable<string> NamedMetrics =>
        (At.Count == 0 ? Metrics : At.SelectMany(x => MetricsAt(x))).Concat(Controls.SelectMany(c => c.Of(this).NamedMetrics)).Distinct(StringComparer.Ordinal);

    /// <summary>The metric, or the two, at one of <see cref="At"/>; null where there are none.</summary>
    public IReadOnlyList<string> MetricsAt(double? x) => x is { } place ? [.. Metrics.Select(m => new MetricAddress(m, place).ToString())] : Metrics;

    /// <summary>Whether a value of an axis is among those that this is about; of the compared axis both sides are, of the one gone along its doses.</summary>
    /// <param name="axis">An axis of the sweep.</param>
    /// <param name="label">The value's label as text.</param>
    public bool Covers(string axis, string label)
    {
        if (string.Equals(axis, Axis, StringComparison.Ordinal))
            return string.Equals(label, A, StringComparison.Ordinal) || string.Equals(label, B, StringComparison.Ordinal);
        if (string.Equals(axis, Along, StringComparison.Ordinal))
            return Doses.Contains(label, StringComparer.Ordinal);
        IReadOnlyList<string>? allowed = Where.FirstOrDefault(w => string.Equals(w.Key, axis, StringComparison.Ordinal)).Value;
        return allowed is null || allowed.Contains(label, StringComparer.Ordinal);
    }
}
