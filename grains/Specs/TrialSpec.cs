using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>
/// One point of all axes and one seed, fully resolved. Stored with every result. Its <see cref="Id"/> is a hash of what determines the
/// result (labels and file paths left out, a file's content hash taken in), so equal trials have equal ids wherever they come from.
/// </summary>
public sealed record TrialSpec
{
    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the canonical JSON of what determines the result.</summary>
    public required string Id { get; init; }

    public required KindSpec Dataset { get; init; }

    public required KindSpec Preprocessing { get; init; }

    public required KindSpec Schedule { get; init; }

    public required NetworkSpec Network { get; init; }

    public required TrainingSpec Training { get; init; }

    public required SamplingSpec Sampling { get; init; }

    /// <summary>What is measured beside the metrics; null for nothing.</summary>
    public DiagnosticsSpec? Diagnostics { get; init; }

    /// <summary>The replicate. Data, initial weights and noise are keyed by it.</summary>
    public required long Seed { get; init; }

    /// <summary>The distance from the truth level that counts as reached, nats (the spec's <c>threshold_nats</c>).</summary>
    public required double ThresholdNats { get; init; }

    /// <summary>How long it may go without progress (the spec's <c>limits.trial</c>); null goes by its estimate. No part of <see cref="Id"/>.</summary>
    public TimeSpan? StallAfter { get; init; }

    /// <summary>
    /// The trial's place on every axis, in the sweep's axis order: dataset, preprocessing, schedule, width always, then variant and dotted ones. Values are
    /// labels (a kind's name) or JSON numbers, strings, flags.
    /// </summary>
    public required JsonObject Axes { get; init; }

    /// <summary>Axes without the seed, as one key: trials of a group share it.</summary>
    public required string Group { get; init; }
}
