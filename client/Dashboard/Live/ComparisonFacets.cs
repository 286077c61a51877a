namespace Sweep.Client.Dashboard.Live;

/// <summary>What a page makes its filters of comparisons from, and what it says of all of them.</summary>
/// <param name="Axis">The compared one; null without comparisons.</param>
/// <param name="A">The baseline; null without comparisons.</param>
/// <param name="Arms">What is compared with it.</param>
/// <param name="Axes">The other axes, by which comparisons differ.</param>
/// <param name="Leads">Who is ahead by the means alone.</param>
/// <param name="Averaged">Whether some are means over an axis.</param>
internal sealed record ComparisonFacets(int Total, string? Axis, string? A, IReadOnlyList<string> Arms, IReadOnlyList<string> Axes, IReadOnlyList<ComparisonTally> Metrics, IReadOnlyList<ComparisonLead> Leads, bool Averaged);
