using Sweep.Grains.Comparison;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Report;

/// <summary>
/// <c>trials.csv</c>: one row per completed trial: id, every axis, what was tuned, seed, device, then every metric, its <c>_truth_level</c> where any trial has
/// one, and its <c>_reason</c> where any value is missing.
/// </summary>
internal static class TrialsCsv
{
    public static void Write(Stream stream, ReportDocument document, IReadOnlyList<CompletedTrial> trials)
    {
        string[] metrics =
            [.. document.Metrics.Select(m => m.Name).Where(m => !MetricAddress.Of(m).IsReadOff && Any(m, v => v.Reason is not MetricReader.NotMeasured))];
        HashSet<string> truthLevels = [.. metrics.Where(m => Any(m, v => v.TruthLevel is not null))];
        HashSet<string> reasons = [.. metrics.Where(m => Any(m, v => v.Value is null))];
        using CsvWriter csv = new(stream);
        csv.Text("trial");
        string[] axes = [.. document.Sweep.Axes.Select(a => a.Name), .. document.Tuning?.Over ?? []];
        foreach (string axis in axes)
            csv.Text(axis);
        csv.Text("seed").Text("device");
        foreach (string metric in metrics)
        {
            csv.Text(metric);
            if (truthLevels.Contains(metric))
                csv.Text(metric + "_truth_level");
            if (reasons.Contains(metric))
                csv.Text(metric + "_reason");
        }

        csv.EndRow();
        foreach (CompletedTrial trial in trials)
        {
            csv.Text(trial.Trial.Id);
            foreach (string axis in axes)
                csv.Axis(trial.Trial.Axes[axis]);
            csv.Number(trial.Trial.Seed).Text(trial.Result.Device);
            foreach (string metric in metrics)
            {
                MetricValue value = MetricReader.Read(trial.Trial, trial.Result, metric);
                csv.Number(value.Value);
                if (truthLevels.Contains(metric))
                    csv.Number(value.TruthLevel);
                if (reasons.Contains(metric))
                    csv.Text(value.Reason);
            }

            csv.EndRow();
        }

        bool Any(string metric, Func<MetricValue, bool> has) =>
            trials.Any(t => has(MetricReader.Read(t.Trial, t.Result, metric)));
    }
}
