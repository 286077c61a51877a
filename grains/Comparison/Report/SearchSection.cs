namespace Sweep.Grains.Comparison.Report;

/// <summary>What a search found: nothing is compared pair by pair, as no two of its settings differ in one axis alone.</summary>
/// <param name="Method"><c>sobol</c> or <c>random</c>.</param>
/// <param name="Groups">Settings that it planned.</param>
/// <param name="Seed">Of its sequence.</param>
/// <param name="Shown">
/// The first trial of each setting that figures show: of each data set and arm the one with the best mean of <c>compare.metric</c>, or the first where none has
/// a value in every seed.
/// </param>
public sealed record SearchSection(string Method, int Groups, long Seed, IReadOnlyList<string> Shown)
{
    /// <summary>Along the ranges, by data set and arm; empty where nothing is a range.</summary>
    public IReadOnlyList<SearchTrend> Trends { get; init; } = [];

    /// <summary>Which axes good settings differ in from all, by data set.</summary>
    public IReadOnlyList<SearchImportance> Importance { get; init; } = [];
}

/// <summary>PED-ANOVA on one data set; see <see cref="Statistics.PedAnova"/>.</summary>
/// <param name="Dataset">Empty where there is but one.</param>
/// <param name="Settings">Those with a value in every seed, and those without, which count as the worst.</param>
/// <param name="Effects">By axis that varies, in the spec's order; empty with a reason.</param>
/// <param name="Reason">Why there is no analysis; null where there is one.</param>
public sealed record SearchImportance(string Dataset, int Settings, IReadOnlyList<SearchEffect> Effects, string? Reason);

/// <summary>What one axis explains of which settings are good.</summary>
/// <param name="Axis">Its name.</param>
/// <param name="Share">Of what all axes have beyond chance; the shares of a data set sum to 1, or are all 0.</param>
/// <param name="Divergence">Of the good settings' density from that of all.</param>
/// <param name="Chance">What as many settings picked at random have on average.</param>
/// <param name="PValue">The share of such picks that diverge as much; not adjusted, exploratory.</param>
public sealed record SearchEffect(string Axis, double Share, double Divergence, double Chance, double PValue);
