namespace Sweep.Grains.Comparison.Report;

/// <summary>The comparisons whose p-values are adjusted together: those by one metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Primary">Whether it is the metric of <c>compare</c>, whose family carries the answer; the others are exploratory.</param>
/// <param name="Planned">Those that the spec plans, those that have no result yet included.</param>
/// <param name="Contrasts">Those with a completed trial on either side.</param>
internal sealed record ContrastFamily(string Metric, bool Primary, IReadOnlyList<PlannedComparison> Planned, IReadOnlyList<Contrast> Contrasts)
{
    public int Size => Planned.Count;

    /// <summary>
    /// What each earlier look had of it, the earliest first; empty for a sweep that was never extended with results already there. A comparison that a look did
    /// not have yet, or not in all that it averages, has no differences there.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Contrast>> Earlier { get; init; } = [];
}
