using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>
/// Ranks groups within each dataset as results come in. A log-likelihood is ranked by its distance from the floor (samples above the floor have
/// crowded the modes), everything else by its distance from what is best. Not thread-safe.
/// </summary>
internal sealed class BestSoFar(string metric)
{
    private readonly Dictionary<(string Dataset, string Group), (double Sum, double Floor, double Loss, int Count, string Words)> _groups = [];

    public void Add(TrialSpec trial, TrialResult result)
    {
        MetricValue value = MetricReader.Read(trial, result, metric);
        if (value.Value is not { } v)
            return;
        bool nearFloor = metric.StartsWith("log_likelihood", StringComparison.Ordinal) && !metric.EndsWith("variation", StringComparison.Ordinal) && value.Floor is not null;
        bool higher = metric is "mode_coverage" or "mode_precision";
        double loss = nearFloor ? Math.Abs(v - value.Floor!.Value) : higher ? -v : v;
        var key = (trial.Dataset.Name, trial.Group);
        (double Sum, double Floor, double Loss, int Count, string Words) old = _groups.GetValueOrDefault(key);
        _groups[key] = (old.Sum + v, old.Floor + (value.Floor ?? double.NaN), old.Loss + loss, old.Count + 1, TrialWords.Axes(trial, withDataset: false));
    }

    public IReadOnlyList<BestLine> Lines() =>
        [.. _groups.GroupBy(g => g.Key.Dataset, StringComparer.Ordinal).Select(dataset =>
        {
            var best = dataset.OrderBy(g => g.Value.Loss / g.Value.Count).First().Value;
            double floor = best.Floor / best.Count;
            return new BestLine(dataset.Key, best.Words, metric, best.Sum / best.Count, double.IsFinite(floor) ? floor : null, best.Count);
        })];
}
