namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The interval of a difference on finite data, whose rows every seed splits again: with Nadeau and Bengio's (2003) variance, (1/n + test/train) s². The
/// comparison's own p-value and interval hold for these rows; this one is for rows like them.
/// </summary>
/// <param name="TestToTrain">Test rows per training row.</param>
/// <param name="CiLow">Of the 95% interval; null as that of the difference is.</param>
/// <param name="CiHigh">Likewise.</param>
public sealed record ResplitInterval(double TestToTrain, double? CiLow, double? CiHigh);
