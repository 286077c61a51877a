using Sweep.Client.Terminal;
using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>The best completed trial by the compared metric, and its log-likelihood over the reverse steps.</summary>
/// <param name="Trial">What was run.</param>
/// <param name="Metric">What ranks it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Curve">Nats by reverse step; empty where the density isn't known.</param>
/// <param name="TruthLevel">Of the log-likelihood; null where it isn't known.</param>
internal sealed record BestCurve(TrialSpec Trial, string Metric, MetricValue Value, IReadOnlyList<float> Curve, double? TruthLevel)
{
    private const string Likelihood = "log_likelihood", Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Trials at either end of the store's order, among which the best is found: the store doesn't know which way is better.</summary>
    private const int Candidates = 50;

    /// <summary>A gap of so many nats is as good as none.</summary>
    private const double Nothing = 0.01;

    /// <summary>Null while no trial has completed with a value.</summary>
    public static async Task<BestCurve?> FindAsync(ISweepReader reader, string sweepId, string metric, CancellationToken cancel)
    {
        var query = new TrialQuery { State = TrialStatus.Completed, SortBy = metric, Take = Candidates };
        TrialSummary? best = (await reader.TrialsAsync(sweepId, query, cancel))
            .Concat(await reader.TrialsAsync(sweepId, query with { Descending = true }, cancel)).MaxBy(Merit);
        if (best is null || Merit(best) is null || (await reader.TrialAsync(sweepId, best.Trial.Id, cancel))?.Result is not { } result)
            return null;
        return new BestCurve(best.Trial, metric, result.Metrics[metric], result.Curves.GetValueOrDefault(Likelihood) ?? [],
            result.Metrics.GetValueOrDefault(Likelihood)?.TruthLevel);

        double? Merit(TrialSummary trial) => trial.Metrics?.GetValueOrDefault(metric) is { } value ? MetricMerit.Of(metric, value) : null;
    }

    /// <summary>On lines no longer than <paramref name="width"/>.</summary>
    public IEnumerable<string> Lines(int width)
    {
        string level = Value.TruthLevel is { } truth ? $" (truth level {Words.Number(truth)})" : "";
        foreach (string line in TextWrap.Lines($"best so far: {TrialWords.Of(Trial)}: {Metric} {Words.Number(Value.Value)}{level}", "", "  ", width))
            yield return line;
        const string Before = "  step 0 ", After = " step ";
        string end = After + (Curve.Count - 1);
        if (Curve.Count > 1 && TruthLevel is { } known && width - Before.Length - end.Length is > 8 and var room)
            yield return $"{Before}{Sparkline(Curve, known, Math.Min(room, 60))}{end}";
    }

    /// <summary>How near the curve is to the truth level, by decades of the gap: a full block within a hundredth of a nat.</summary>
    internal static string Sparkline(IReadOnlyList<float> curve, double truthLevel, int width)
    {
        double[] near = [.. Enumerable.Range(0, width).Select(i => (int)Math.Round(i * (curve.Count - 1.0) / Math.Max(1, width - 1)))
            .Select(k => -Math.Log10(Math.Max(Math.Abs(truthLevel - curve[k]), Nothing)))];
        double low = near.Where(double.IsFinite).DefaultIfEmpty(0).Min(), high = -Math.Log10(Nothing);
        return string.Concat(near.Select(v => !double.IsFinite(v) ? ' '
            : Blocks[Math.Clamp((int)((v - low) / Math.Max(high - low, 1e-9) * Blocks.Length), 0, Blocks.Length - 1)]));
    }
}
