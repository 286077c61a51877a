using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The setting with the best mean of the compared metric on one data set. It was picked from the results that its mean is taken over, so the mean is
/// optimistic, the more the larger <see cref="Of"/>.
/// </summary>
public sealed record BestSetting
{
    /// <summary>The dataset's label; empty where the sweep has one.</summary>
    public required string Dataset { get; init; }

    /// <summary>The setting, by the axes that vary, the dataset's left out.</summary>
    public required JsonObject Axes { get; init; }

    /// <summary>How many settings had a value in every seed, this one among them: it is the best of these.</summary>
    public required int Of { get; init; }

    /// <summary>Settings without a value in some seed that others have one in: diverged, failed or not finished. They are not in the choice.</summary>
    public required int LeftOut { get; init; }

    public required int Seeds { get; init; }

    public required double Mean { get; init; }

    /// <summary>Ends of the 95% Student t interval over seeds; null with one seed.</summary>
    public required double? CiLow { get; init; }

    public required double? CiHigh { get; init; }

    /// <summary>Mean over seeds of the metric on fresh true samples; null where it has none.</summary>
    public required double? TruthLevel { get; init; }

    /// <summary>Mean over seeds of a trial's training and sampling, seconds; null where it was not measured.</summary>
    public required double? TrialSeconds { get; init; }

    /// <summary>
    /// How many settings can't be told apart from the best: the moderated paired t-test over seeds, p-values adjusted by Holm for all pairs of settings of the
    /// data set, since the best was picked from the same results. It does not mean that they are equal.
    /// </summary>
    public required int NotToldApart { get; init; }

    /// <summary>Those of them with the nearest means, the nearest first.</summary>
    public required IReadOnlyList<RivalSetting> Nearest { get; init; }
}
