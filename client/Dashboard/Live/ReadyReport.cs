using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A built report.</summary>
/// <param name="Page">What a page loads: the full report if it is small, otherwise a <see cref="BriefReport"/>.</param>
/// <param name="Whole">The full report; null if it is large and wasn't requested.</param>
/// <param name="AsOf">Completed trials in it.</param>
/// <param name="WithCurves">Whether its groups have their curves.</param>
/// <param name="LacksPictures">Whether the data are images and no samples were found on this machine.</param>
/// <param name="Comparisons">Comparisons omitted from <paramref name="Page"/>; null if it has them.</param>
internal sealed record ReadyReport(Answer Page, Answer? Whole, int AsOf, bool WithCurves, bool LacksPictures, ComparisonBook? Comparisons)
{
    public bool IsBrief => Comparisons is not null;
}
