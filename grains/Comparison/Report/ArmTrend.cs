using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Report;

/// <summary>An arm's distance from the truth level at the end, from the narrowest width to the widest.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Gaps">Nats, means over seeds, by ascending width.</param>
/// <param name="Growth">Narrowest minus widest over seeds; null with fewer than two.</param>
/// <param name="Advantage">How much more the baseline grows, paired by seed; null for the baseline itself and with fewer than two seeds.</param>
internal sealed record ArmTrend(string Arm, double[] Gaps, MeanInterval? Growth, MeanInterval? Advantage)
{
    /// <summary>Described, not tested: the interval of the growth leaves out zero.</summary>
    public bool Grows => Growth is { Low: > 0 };
}
