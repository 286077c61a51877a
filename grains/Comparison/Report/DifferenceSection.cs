namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// b - a in the metric's unit over seeds, with the 95% Student t interval of this comparison alone (not adjusted for the others). For a
/// metric judged by its truth level, the difference of minus the distances from it: positive when b is closer.
/// </summary>
public sealed record DifferenceSection(double? Mean, double? CiLow, double? CiHigh);
