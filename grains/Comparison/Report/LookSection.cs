using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A look of a sweep that was extended with results already there.</summary>
/// <param name="Look">From 1.</param>
/// <param name="At">When the sweep was extended; null for the results as they are now.</param>
/// <param name="Completed">Trials that had completed.</param>
/// <param name="Total">Trials that the sweep had.</param>
/// <param name="Seeds">Seeds that it had.</param>
/// <param name="Factor">What a p-value of this look is multiplied with.</param>
public sealed record LookSection(int Look, DateTimeOffset? At, long Completed, long Total, int Seeds, double Factor)
{
    /// <summary>The results as they are now.</summary>
    /// <param name="look">From 1.</param>
    /// <param name="trials">How many there are.</param>
    /// <param name="spec">The sweep.</param>
    internal static LookSection Present(int look, TrialsSection trials, SweepSpec spec) =>
        new(look, null, trials.Completed, trials.Total, spec.Seeds.Count, 1 / SequentialP.UndeclaredWeight(look));
}
