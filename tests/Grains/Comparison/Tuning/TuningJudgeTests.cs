using Sweep.Grains.Comparison.Tuning;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Tuning;

/// <summary>Which setting each arm gets, given the results of the trials that tune.</summary>
public sealed class TuningJudgeTests
{
    private const string Tune = "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, per: preprocessing, trials: 4, seeds: [10, 11]";

    [Fact]
    public void Judge_WhenSettingsDiffer_ChoosesTheBestMeanOfEachArm()
    {
        TunePlan plan = Plan("metric: energy_distance}");
        TuningResult result = TuningJudge.Judge(plan, Results(plan, (place, trial) =>
            Math.Abs(place.Setting - (trial.Preprocessing.Name == "none" ? 1 : 3)) + (0.001 * trial.Network.Width) + (0.1 * place.Seed)));

        Assert.Equal([[1, 3]], result.Chosen);
        Assert.Equal(("energy_distance", 4), (result.Metric, result.Scores[0][0].Count));

        // Over both widths and both seeds.
        Assert.Equal(0.012 + 0.05, result.Scores[0][0][1]!.Value, 12);
        Assert.Equal(1.062, result.Scores[0][0][0]!.Value, 12);
    }

    [Fact]
    public void Judge_WhenMoreIsBetter_ChoosesTheMost()
    {
        TunePlan plan = Plan("metric: mode_coverage}");
        Assert.Equal([[2, 2]], TuningJudge.Judge(plan, Results(plan, (place, _) => place.Setting == 2 ? 8 : 7, "mode_coverage")).Chosen);
    }

    /// <summary>As comparisons do: what is judged by its truth level is best near it, from either side.</summary>
    [Fact]
    public void Judge_WhenATruthLevelCounts_ChoosesTheNearest()
    {
        TunePlan plan = Plan("metric: log_likelihood}");
        TuningResult result = TuningJudge.Judge(
            plan, Results(plan, (place, _) => new[] { -9.0, -1, -2.1, 3 }[place.Setting], "log_likelihood", truthLevel: -2));
        Assert.Equal([[2, 2]], result.Chosen);
        Assert.Equal(-0.1, result.Scores[0][0][2]!.Value, 12);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Judge_WhenATrialFailedOrHasNoNumber_TakesItsSettingForTheWorst(double? value)
    {
        TunePlan plan = Plan("metric: energy_distance}");
        TuningResult result = TuningJudge.Judge(plan, Results(
            plan, (place, trial) => place is { Setting: 0, Seed: 1 } && trial.Network.Width == 8 ? value : 5 + place.Setting));
        Assert.Equal([[1, 1]], result.Chosen);
        Assert.Null(result.Scores[0][0][0]);

        TuningResult nothing = TuningJudge.Judge(plan, Results(plan, (_, _) => value));
        Assert.Equal([[0, 0]], nothing.Chosen);
        Assert.All(nothing.Scores[0], arm => Assert.All(arm, Assert.Null));
    }

    [Fact]
    public void Judge_OfEquals_ChoosesTheFirst()
    {
        TunePlan plan = Plan("metric: energy_distance}");
        Assert.Equal([[1, 1]], TuningJudge.Judge(plan, Results(plan, (place, _) => place.Setting == 0 ? 2 : 1)).Chosen);
    }

    /// <summary>Each on the results of its own seeds.</summary>
    [Fact]
    public void Judge_WhenTuningIsRepeated_ChoosesInEachRepeat()
    {
        TunePlan plan = Plan("metric: energy_distance, repeats: 2}");
        TuningResult result = TuningJudge.Judge(plan, Results(
            plan, (place, trial) => Math.Abs(place.Setting - place.Repeat - (trial.Preprocessing.Name == "none" ? 0 : 2))));
        Assert.Equal([[0, 2], [1, 3]], result.Chosen);
        TuningResult again = TuningResult.Read(TuningResult.Write(result));
        Assert.Equal(TuningResult.Write(result), TuningResult.Write(again));
        Assert.Equal(result.Scores, again.Scores);
    }

    private static TunePlan Plan(string more) => TunePlan.Of(Samples.Real(more: $"{Tune}, {more}\n").Sweep)!;

    private static Dictionary<long, CompletedTrial> Results(
        TunePlan plan, Func<TuningPlace, TrialSpec, double?> value, string metric = "energy_distance", double? truthLevel = null)
    {
        (_, TrialSpec[] trials) = Samples.Real(more: $"{Tune}, metric: {metric}, repeats: {plan.Tune.Repeats}}}\n");
        Dictionary<long, CompletedTrial> results = [];
        for (int ordinal = 0; ordinal < trials.Length; ordinal++)
        {
            if (plan.At(ordinal) is { } place && value(place, trials[ordinal]) is { } number)
            {
                results.Add(ordinal, new CompletedTrial(trials[ordinal], Samples.Result() with
                {
                    Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { [metric] = new(number, truthLevel) },
                }));
            }
        }

        return results;
    }
}
