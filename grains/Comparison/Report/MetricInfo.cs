namespace Sweep.Grains.Comparison.Report;

/// <summary>What a metric is called and which way is good.</summary>
/// <param name="Name">As in groups and comparisons.</param>
/// <param name="Label">For people.</param>
/// <param name="Unit">Empty where it has none.</param>
/// <param name="Better"><c>higher</c>, <c>lower</c> or <c>floor</c>: the closer to its floor, from either side, the better.</param>
/// <param name="Explanation">One line.</param>
public sealed record MetricInfo(string Name, string Label, string Unit, string Better, string Explanation);
