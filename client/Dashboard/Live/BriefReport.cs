using System.Text.Json.Nodes;
using Sweep.Client.Dashboard.Api;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// A report without groups, comparisons and failed trials, whose number grows with the sweep. What their figures and tables need initially is in
/// <c>comparison_facets</c>.
/// </summary>
internal static class BriefReport
{
    public static byte[] Of(ReportDocument document, ComparisonBook comparisons)
    {
        ReportDocument brief = document with { Groups = [], Comparisons = [], Trials = document.Trials with { Failures = [] } };
        JsonObject report = JsonNode.Parse(ReportJson.Serialize(brief))!.AsObject();
        report["comparison_facets"] = JsonNode.Parse(DashboardJson.Bytes(comparisons.Facets));
        return DashboardJson.Bytes(report);
    }
}
