using System.Text.Json;

namespace Sweep.Client.Dashboard.Live;

/// <summary>Some of a report's comparisons.</summary>
/// <param name="Total">Of the report.</param>
/// <param name="Found">That fit.</param>
/// <param name="Decided">That fit and are called.</param>
/// <param name="Rows">As report.json has them.</param>
internal sealed record ComparisonPage(int Total, int Found, int Decided, IReadOnlyList<JsonElement> Rows);
