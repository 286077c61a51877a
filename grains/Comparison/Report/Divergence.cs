using Sweep.Diffusion.Metrics;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// Trials that completed with samples that are not finite. Such a trial is a result, and the arm that gave it is named wherever verdicts are.
/// </summary>
internal static class Divergence
{
    /// <summary>How much of a trial's samples is not finite; null where all of it is finite. By the energy distance, which every trial measures.</summary>
    public static NonFiniteSamples? Of(TrialResult result) => NonFiniteSamples.Read(result.Metrics.GetValueOrDefault(EnergyDistance.Key)?.Reason);
}
