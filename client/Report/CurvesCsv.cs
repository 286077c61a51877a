using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Report;

/// <summary>
/// <c>curves.csv</c>, long: every axis, seed, curve, step, value. The step is the reverse step (0 = the initial noise), or for curves over training the step of
/// training: for <c>training_loss</c> that at which the point's window ends. Where any curve is over noise levels there is one column more, <c>sigma</c>: such
/// a curve has its level there and an empty step, the others the other way round. A value that isn't finite is an empty cell.
/// </summary>
internal static class CurvesCsv
{
    public static void Write(Stream stream, ReportDocument document, IReadOnlyList<CompletedTrial> trials)
    {
        string[] axes = [.. document.Sweep.Axes.Select(a => a.Name)];
        bool sigmas = trials.SelectMany(t => t.Result.Curves.Keys).Any(OverSigma);
        using CsvWriter csv = new(stream);
        foreach (string column in axes.Concat(["seed", "curve", "step", "value"]).Concat(sigmas ? ["sigma"] : []))
            csv.Text(column);
        csv.EndRow();
        foreach (CompletedTrial trial in trials)
        {
            foreach ((string name, float[] curve) in trial.Result.Curves.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                // A damaged curve, which the report names, has no row: nobody knows where its points lie.
                if (CurveAxis.TryOf(name, trial.Trial, curve.Length, out _) is not { X: var x })
                    continue;
                bool overSigma = OverSigma(name);
                for (int i = 0; i < curve.Length; i++)
                {
                    foreach (string axis in axes)
                        csv.Axis(trial.Trial.Axes[axis]);
                    csv.Number(trial.Trial.Seed).Text(name).Number(overSigma ? null : x[i]).Number(curve[i]);
                    if (sigmas)
                        csv.Number(overSigma ? x[i] : null);
                    csv.EndRow();
                }
            }
        }
    }

    private static bool OverSigma(string curve) => CurveAxis.KindOf(curve) == CurveAxis.Sigma;
}
