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
    /// <summary>A sweep's looks, the present results last and not yet counted; null for a sweep that was never extended with results already there.</summary>
    internal static IReadOnlyList<LookSection>? Of(SweepSpec spec) => spec.Looks.Count == 0 ? null :
    [
        .. spec.Looks.Select((look, i) => new LookSection(i + 1, look.At, look.Completed, look.Total, look.Seeds.Count, FactorOf(i + 1, spec.Looks.Count + 1))),
        new LookSection(spec.Looks.Count + 1, null, 0, spec.TrialCount, spec.Seeds.Count, FactorOf(spec.Looks.Count + 1, spec.Looks.Count + 1)),
    ];

    /// <summary>What a look's p-values are multiplied with: j(j + 1), and 1 where there was but one look.</summary>
    /// <param name="look">From 1.</param>
    /// <param name="of">How many looks there were, the present one included.</param>
    internal static int FactorOf(int look, int of) => of == 1 ? 1 : (int)Math.Round(1 / SequentialP.UndeclaredWeight(look));
}
