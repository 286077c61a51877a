using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// A curve over a group's seeds, by reverse step (0 = the initial noise), by window of training steps, or at <see cref="X"/>. Single precision, as the curves
/// are stored. A point is null where any seed is not finite; the interval is also null with one seed.
/// </summary>
public sealed record CurveSummary
{
    public required IReadOnlyList<float?> Mean { get; init; }

    public required IReadOnlyList<float?> CiLow { get; init; }

    public required IReadOnlyList<float?> CiHigh { get; init; }

    /// <summary>Half the interval's width in place of its ends, in a page that is to be small; report.json has the ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float?>? CiHalf { get; init; }

    /// <summary>
    /// The noise levels or training steps of the points, ascending; left out for curves over reverse steps and for <c>training_loss</c>, whose points lie
    /// <see cref="StepSize"/> apart.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? X { get; init; }

    /// <summary>What <see cref="X"/> holds: <see cref="CurveAxis.Sigma"/> or <see cref="CurveAxis.TrainingStep"/>; left out with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? XKind { get; init; }

    /// <summary>Training steps per point of <c>training_loss</c>; left out for curves over reverse steps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StepSize { get; init; }

    /// <summary>The least that a point can be, where intervals end when they are shown; left out where it has no bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Least { get; init; }

    /// <summary>The most that it can be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Most { get; init; }

    /// <summary>Why points are null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
