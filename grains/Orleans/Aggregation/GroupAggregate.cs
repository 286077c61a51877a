using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans.Aggregation;

/// <summary>
/// One group as its seeds complete: mean and variance of the headline metric, of the log-likelihood at every reverse step, and of the paired difference from
/// the baseline's group. Nothing is kept per seed but the headline's value. Not thread-safe.
/// </summary>
internal sealed class GroupAggregate
{
    private readonly Dictionary<long, double?> _scores = [];

    public RunningMoments Headline { get; } = new();

    /// <summary>By reverse step; empty before the first curve. Where curves differ in length, as far as the shortest goes.</summary>
    public RunningMoments[] LogLikelihood { get; private set; } = [];

    /// <summary>Score minus the baseline's, by seed: positive is better for a metric judged by its truth level. Empty for the baseline's own groups.</summary>
    public RunningMoments Difference { get; } = new();

    public int Seeds => _scores.Count;

    /// <summary>The seed's score as comparisons see it; null where it has none or isn't there yet.</summary>
    public double? ScoreOf(long seed) => _scores.GetValueOrDefault(seed);

    public void Add(CompletedTrial trial, string metric)
    {
        _scores.Add(trial.Trial.Seed, Score.Of(trial, metric).Value);
        if (Score.Raw(trial, metric).Value is { } value && double.IsFinite(value))
            Headline.Add(value);
        if (!trial.Result.Curves.TryGetValue(CurveNames.LogLikelihood, out float[]? curve))
            return;
        if (LogLikelihood.Length == 0)
            LogLikelihood = [.. curve.Select(_ => new RunningMoments())];
        else if (curve.Length < LogLikelihood.Length)
            LogLikelihood = LogLikelihood[..curve.Length];
        for (int step = 0; step < LogLikelihood.Length; step++)
        {
            if (float.IsFinite(curve[step]))
                LogLikelihood[step].Add(curve[step]);
        }
    }
}
