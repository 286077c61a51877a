namespace Sweep.Grains.Comparison.Report;

/// <summary>The first samples of a trial after one reverse step, mapped back to data space.</summary>
/// <param name="Step">0 is the initial noise.</param>
/// <param name="Points">As <see cref="GroupScatter.Points"/>.</param>
/// <param name="Outside">As <see cref="GroupScatter.Outside"/>.</param>
public sealed record ScatterMoment(int Step, string Points, int Outside);
