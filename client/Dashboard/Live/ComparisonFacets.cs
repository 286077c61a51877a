namespace Sweep.Client.Dashboard.Live;

/// <summary>Summary of all comparisons, and the values to filter by.</summary>
/// <param name="Axis">The compared axis; null without comparisons.</param>
/// <param name="A">The baseline; null without comparisons.</param>
/// <param name="Arms">The arms compared with it.</param>
/// <param name="Axes">The other axes, on which comparisons differ.</param>
/// <param name="Leads">Which arms are ahead by their means.</param>
/// <param name="Averaged">Whether some are averaged over an axis.</param>
internal sealed record ComparisonFacets(int Total, string? Axis, string? A, IReadOnlyList<string> Arms, IReadOnlyList<string> Axes,
    IReadOnlyList<ComparisonTally> Metrics, IReadOnlyList<ComparisonLead> Leads, bool Averaged);
