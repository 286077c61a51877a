using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A setting beside the best of its data set.</summary>
/// <param name="Axes">As <see cref="BestSetting.Axes"/>.</param>
/// <param name="Mean">Of the metric over seeds.</param>
/// <param name="Difference">Of the best from it, by which the best is better; of a metric judged by its truth level, of the distances from that.</param>
/// <param name="PAdjusted">1 where no test was possible.</param>
public sealed record RivalSetting(JsonObject Axes, double Mean, DifferenceSection Difference, double PAdjusted);
