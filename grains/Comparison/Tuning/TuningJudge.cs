using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Tuning;

/// <summary>Chooses each arm's setting: a pure function of the tuning trials' results, so that every replay decides alike.</summary>
public static class TuningJudge
{
    /// <summary>Curves that the scores are read from.</summary>
    public static IReadOnlyList<string> Curves(TuneSpec tune)
    {
        ArgumentNullException.ThrowIfNull(tune);
        return MetricReader.Curves(tune.Metric);
    }

    /// <summary>Whether less of a score is better.</summary>
    public static bool LessIsBetter(string metric) => string.Equals(MetricCatalog.Info(metric).Better, MetricCatalog.Lower, StringComparison.Ordinal);

    /// <param name="plan">The sweep's.</param>
    /// <param name="results">Of the tuning trials that completed, by the number of the trial.</param>
    public static TuningResult Judge(TunePlan plan, IReadOnlyDictionary<long, CompletedTrial> results)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(results);
        TuneSpec tune = plan.Tune;
        int sign = LessIsBetter(tune.Metric) ? -1 : 1;
        double?[][][] scores = [.. Enumerable.Range(0, tune.Repeats).Select(repeat => Enumerable.Range(0, plan.Arms)
            .Select(arm => Enumerable.Range(0, tune.Trials).Select(setting => Score(plan, results, repeat, arm, setting)).ToArray()).ToArray())];
        return new TuningResult(tune.Metric, scores, [.. scores.Select(IReadOnlyList<int> (arms) => [.. arms.Select(Best)])]);

        // Of equals the first.
        int Best(double?[] settings)
        {
            int best = 0;
            for (int i = 1; i < settings.Length; i++)
            {
                if (settings[i] is { } score && !(settings[best] is { } so && sign * score <= sign * so))
                    best = i;
            }

            return best;
        }
    }

    private static double? Score(TunePlan plan, IReadOnlyDictionary<long, CompletedTrial> results, int repeat, int arm, int setting)
    {
        double sum = 0;
        int count = 0;
        for (int group = 0; group < plan.Groups; group++)
        {
            if (plan.ArmOf(group) != arm)
                continue;
            for (int seed = 0; seed < plan.Tune.SeedsEach; seed++)
            {
                if (!results.TryGetValue(plan.OrdinalOf(new TuningPlace(repeat, group, setting, seed)), out CompletedTrial? trial)
                    || Report.Score.Of(trial, plan.Tune.Metric).Value is not { } value)
                    return null;
                sum += value;
                count++;
            }
        }

        return double.IsFinite(sum) ? sum / count : null;
    }
}
