using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>
/// <c>comparisons.csv</c>: one row per comparison: the two values, every axis (empty for the compared one and those averaged over), the difference with its
/// interval, the interval for rows like these where seeds split the same rows again, p-values and the verdict.
/// </summary>
internal static class ComparisonsCsv
{
    private static readonly string[] Before = ["metric", "family", "compare", "a", "b"];

    private static readonly string[] After =
    [
        "averaged_over", "seeds", "difference", "ci_low", "ci_high", "resplit_test_to_train", "resplit_ci_low", "resplit_ci_high", "p_value",
            "p_sequential", "look", "p_adjusted", "better", "verdict", "reason",
    ];

    /// <summary>Of a race alone.</summary>
    private static readonly string[] OfRace =
    [
        "decision", "p_equivalence",
    ];

    public static void Write(Stream stream, ReportDocument document)
    {
        string[] axes = [.. document.Sweep.Axes.Select(a => a.Name)];
        using CsvWriter csv = new(stream);
        foreach (string column in Before.Concat(axes).Concat(After).Concat(document.Family.Race is null ? [] : OfRace))
            csv.Text(column);
        csv.EndRow();
        foreach (ComparisonSection c in document.Comparisons)
        {
            csv.Text(c.Metric).Text(c.Family).Text(c.Axis).Text(c.A).Text(c.B);
            foreach (string axis in axes)
                csv.Axis(c.Where.FirstOrDefault(w => w.Key == axis).Value);
            csv.Text(string.Join(' ', c.AveragedOver)).Number((long)c.Seeds).Number(c.Difference.Mean).Number(c.Difference.CiLow).Number(c.Difference.CiHigh)
                .Number(c.Resplit?.TestToTrain).Number(c.Resplit?.CiLow).Number(c.Resplit?.CiHigh)
                .Number(c.PValue).Number(c.PSequential).Number((double?)c.Look).Number(c.PAdjusted).Text(c.Better).Text(c.Verdict).Text(c.Reason);
            if (document.Family.Race is not null)
                csv.Text(c.Decision).Number(c.PEquivalence);
            csv.EndRow();
        }
    }
}
