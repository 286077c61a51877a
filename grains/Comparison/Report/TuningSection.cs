using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>How each arm came to its setting, and how that did on the sweep's seeds, which chose nothing.</summary>
public sealed record TuningSection
{
    /// <summary>The keys that were chosen, by their dotted names.</summary>
    public required IReadOnlyList<string> Over { get; init; }

    /// <summary>The axes whose values were tuned each by itself.</summary>
    public required IReadOnlyList<string> Per { get; init; }

    /// <summary><c>sobol</c>, <c>random</c> or <c>tpe</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Settings that each arm tried, in each repeat.</summary>
    public required int Settings { get; init; }

    /// <summary>Settings that an estimator suggested at a time; left out where none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Batch { get; init; }

    /// <summary>Of the settings' sequence.</summary>
    public required long Seed { get; init; }

    /// <summary>The seeds that chose, those of all repeats.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    public required int Repeats { get; init; }

    public required string Metric { get; init; }

    /// <summary><c>higher</c> or <c>lower</c>: of scores, which of a metric judged by its truth level are distances from that.</summary>
    public required string Better { get; init; }

    /// <summary>Whether settings have been chosen.</summary>
    public required bool Chosen { get; init; }

    /// <summary>One per repeat and arm, in order.</summary>
    public required IReadOnlyList<TunedArmSection> Arms { get; init; }
}

/// <summary>One arm's tuning, or one of its repeats.</summary>
public sealed record TunedArmSection
{
    /// <summary>Its value on each axis of <c>per</c>.</summary>
    public required JsonObject Axes { get; init; }

    /// <summary>From 1.</summary>
    public required int Repeat { get; init; }

    /// <summary>In the order in which they were tried.</summary>
    public required IReadOnlyList<TriedSettingSection> Tried { get; init; }

    /// <summary>The number of the setting that was chosen, from 1; null while none is.</summary>
    public required int? Choice { get; init; }

    /// <summary>Keys of which the chosen value is the least or the largest of all that were tried: <c>training.learning_rate: the largest tried</c>.</summary>
    public required IReadOnlyList<string> Edge { get; init; }

    /// <summary>The mean score that it was chosen by: the best of so many, and so optimistic.</summary>
    public double? ChosenScore { get; init; }

    /// <summary>The mean score of the chosen setting over the sweep's seeds of this repeat, as far as they are done; null without any.</summary>
    public double? Confirmed { get; init; }

    /// <summary>Of its 95% interval over seeds; null with fewer than two.</summary>
    public double? ConfirmedLow { get; init; }

    public double? ConfirmedHigh { get; init; }

    /// <summary>Tuning trials, done or not.</summary>
    public required int Trials { get; init; }

    /// <summary>Those that failed or have no score.</summary>
    public required int WithoutScore { get; init; }

    /// <summary>Training steps of the tuning trials, done or not.</summary>
    public required long TrainingSteps { get; init; }

    /// <summary>Seconds of training in the tuning trials that are done, a fit where nothing is trained.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Seconds of sampling in them.</summary>
    public required double SampleSeconds { get; init; }
}

/// <summary>A setting that an arm tried.</summary>
/// <param name="Values">Of each key; null of what isn't suggested yet.</param>
/// <param name="Score">The mean over its trials; null where one isn't done, failed or has no value.</param>
/// <param name="Done">Its trials that completed.</param>
/// <param name="Failed">Its trials that failed for good.</param>
public sealed record TriedSettingSection(JsonObject Values, double? Score, int Done, int Failed)
{
    /// <summary>The best score so far, in order of the settings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BestSoFar { get; init; }
}
