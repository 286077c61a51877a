using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Report;

/// <summary>
/// <c>curves.csv</c>, long: every axis, seed, curve, step, value. The step is the reverse step (0 = the initial noise), or for
/// <c>training_loss</c> the training step at which the point's window ends. A value that isn't finite is an empty cell.
/// </summary>
internal static class CurvesCsv
{
    public static void Write(Stream stream, ReportDocument document, IReadOnlyList<CompletedTrial> trials)
    {
        string[] axes = [.. document.Sweep.Axes.Select(a => a.Name)];
        using CsvWriter csv = new(stream);
        foreach (string column in axes.Concat(["seed", "curve", "step", "value"]))
            csv.Text(column);
        csv.EndRow();
        foreach (CompletedTrial trial in trials)
        {
            foreach ((string name, float[] curve) in trial.Result.Curves.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                bool training = string.Equals(name, "training_loss", StringComparison.Ordinal);
                for (int i = 0; i < curve.Length; i++)
                {
                    foreach (string axis in axes)
                        csv.Axis(trial.Trial.Axes[axis]);
                    csv.Number(trial.Trial.Seed).Text(name);
                    csv.Number(training ? (i + 1) * (double)trial.Trial.Training.Steps / curve.Length : i).Number(curve[i]).EndRow();
                }
            }
        }
    }
}
