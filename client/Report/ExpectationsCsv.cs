using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>
/// <c>expectations.csv</c>: one row per expectation, then per control of it, and group: the claim, what is judged, every axis (empty for the compared one),
/// both verdicts, the range. Where never leaves the range open, its end is empty and <c>unbounded</c> says so.
/// </summary>
internal static class ExpectationsCsv
{
    private static readonly string[] Before = ["claim", "is", "metric", "compare", "a", "b"];

    private static readonly string[] After =
        ["over", "quantity", "relation", "threshold", "absolute", "verdict", "group_verdict", "mean", "low", "high", "unbounded", "seeds", "a_mean", "b_mean",
            "reason", "completed_when_stated", "control", "control_fails", "at"];

    public static void Write(Stream stream, ReportDocument document)
    {
        string[] axes = [.. document.Sweep.Axes.Select(a => a.Name)];
        using CsvWriter csv = new(stream);
        foreach (string column in Before.Concat(axes).Concat(After))
            csv.Text(column);
        csv.EndRow();
        foreach ((ExpectationSection claim, ExpectationSection e) in document.Expectations.SelectMany(
            claim => (claim.Controls ?? []).Prepend(claim).Select(e => (claim, e))))
        {
            foreach (ExpectationGroupSection group in e.Groups)
            {
                csv.Text(claim.Claim).Text(e.Is).Text(e.Metrics.Count == 1 ? e.Metrics[0] : "").Text(e.Compare?.Axis).Text(e.Compare?.A).Text(e.Compare?.B);
                foreach (string axis in axes)
                    csv.Axis(group.Axes[axis]);
                csv.Text(e.Over).Text(e.Quantity).Text(e.Relation).Number(e.Threshold).Text(e.Absolute ? "true" : "false").Text(e.Verdict).Text(group.Verdict)
                    .Number(group.Mean).Number(group.Low).Number(group.High).Text(group.Unbounded).Number((long)group.Seeds)
                    .Number(group.A).Number(group.B).Text(group.Reason ?? (e.Groups.Count == 1 ? e.Reason : null)).Number((double?)e.Registered?.Completed)
                    .Text(ReferenceEquals(e, claim) ? "" : e.Claim).Text(e.Fails switch { true => "true", false => "false", null => "" })
                        .Number((double?)group.Axes["at"]).EndRow();
            }
        }
    }
}
