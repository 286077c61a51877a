using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A report that is there.</summary>
/// <param name="Page">What a page shows at once: all of a small report, of a large one what <see cref="BriefReport"/> says.</param>
/// <param name="Whole">All of it; null where it is large and nobody asked.</param>
/// <param name="AsOf">Completed trials in it.</param>
/// <param name="WithCurves">Whether its groups have their curves.</param>
/// <param name="LacksPictures">Whether the data are pictures and no samples of them were found on this machine.</param>
/// <param name="Comparisons">Those of a large report, which <paramref name="Page"/> lacks; else null.</param>
internal sealed record ReadyReport(Answer Page, Answer? Whole, int AsOf, bool WithCurves, bool LacksPictures, ComparisonBook? Comparisons)
{
    public bool IsBrief => Comparisons is not null;
}
