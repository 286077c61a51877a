using System.Text.Json;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A page of a report's comparisons.</summary>
/// <param name="Total">Comparisons in the report.</param>
/// <param name="Found">Comparisons that match.</param>
/// <param name="Decided">Matches with a verdict.</param>
/// <param name="Rows">In the format of report.json.</param>
internal sealed record ComparisonPage(int Total, int Found, int Decided, IReadOnlyList<JsonElement> Rows);
