using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Tuning;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What the report says of tuning: from the results of its trials, and from the choices that the store's sweep has.</summary>
internal static class TuningReport
{
    /// <summary>Null where nothing is tuned.</summary>
    /// <param name="input">All of the sweep, tuning's trials too.</param>
    public static TuningSection? Of(ReportInput input)
    {
        SweepSpec spec = input.Spec;
        if (TunePlan.Of(spec) is not { } plan)
            return null;
        TuneSpec tune = plan.Tune;
        TrialSpec[] all = [.. TrialExpansion.All(spec)];
        Dictionary<string, CompletedTrial> completed = input.Completed.DistinctBy(t => t.Trial.Id, StringComparer.Ordinal)
            .ToDictionary(t => t.Trial.Id, StringComparer.Ordinal);
        HashSet<string> failed = [.. input.Failed.Select(f => f.Trial.Id)];
        Dictionary<long, CompletedTrial> results = [];
        for (int ordinal = 0; ordinal < all.Length; ordinal++)
        {
            if (completed.TryGetValue(all[ordinal].Id, out CompletedTrial? trial))
                results.Add(ordinal, trial);
        }

        TuningResult found = TuningJudge.Judge(plan, results);
        bool distances = Same(MetricCatalog.Info(tune.Metric).Better, MetricCatalog.TruthLevel);
        int turn = distances ? -1 : 1;
        bool less = distances || TuningJudge.LessIsBetter(tune.Metric);
        List<TunedArmSection> arms = [];
        for (int repeat = 0; repeat < tune.Repeats; repeat++)
        {
            for (int arm = 0; arm < plan.Arms; arm++)
                arms.Add(Arm(repeat, arm));
        }

        return new TuningSection
        {
            Over = [.. tune.Over.Select(o => o.Name)], Per = tune.Per, Method = tune.Method, Settings = tune.Trials,
            Batch = tune.Batch > 0 ? tune.Batch : null, Seed = tune.Seed, Seeds = tune.Seeds,
            Repeats = tune.Repeats, Metric = tune.Metric, Better = less ? MetricCatalog.Lower : MetricCatalog.Higher, Chosen = spec.Tuned is not null,
            Arms = arms,
        };

        TunedArmSection Arm(int repeat, int arm)
        {
            int[] groups = [.. Enumerable.Range(0, plan.Groups).Where(g => plan.ArmOf(g) == arm)];
            List<TriedSettingSection> tried = [];
            long steps = 0;
            double trained = 0, sampled = 0;
            int without = 0;
            for (int setting = 0; setting < tune.Trials; setting++)
            {
                long[] ordinals = [.. groups.SelectMany(g => Enumerable.Range(0, tune.SeedsEach)
                    .Select(s => plan.OrdinalOf(new TuningPlace(repeat, g, setting, s))))];
                CompletedTrial[] done = [.. ordinals.Where(results.ContainsKey).Select(o => results[o])];
                int gone = ordinals.Count(o => failed.Contains(all[o].Id));
                steps += ordinals.Sum(o => (long)all[o].Training.Steps);
                trained += done.Sum(t => Seconds(t, TrainSeconds));
                sampled += done.Sum(t => Seconds(t, SampleSeconds.Key));
                without += gone + done.Count(t => Score.Of(t, tune.Metric).Value is null);
                double? score = turn * found.Scores[repeat][arm][setting];
                double? before = tried.Count > 0 ? tried[^1].BestSoFar : null;
                tried.Add(new TriedSettingSection(Values(plan.Setting(repeat, arm, setting), plan.IsKnown(repeat, arm, setting)), score, done.Length, gone)
                {
                    BestSoFar = score is null ? before : before is null || (less ? score < before : score > before) ? score : before,
                });
            }

            int? choice = spec.Tuned?.Chosen[repeat][arm];
            MeanInterval? confirmed = Confirmed(groups, repeat);
            JsonObject axes = [];
            foreach (string axis in tune.Per)
                axes.Add(axis, all[groups[0] * spec.Seeds.Count].Axes[axis]!.DeepClone());
            return new TunedArmSection
            {
                Axes = axes, Repeat = repeat + 1, Tried = tried, Choice = choice + 1,
                Edge = choice is { } at ? [.. Edges(repeat, arm, at)] : [],
                ChosenScore = choice is { } c ? tried[c].Score : null,
                Confirmed = confirmed?.Mean, ConfirmedLow = confirmed?.Low, ConfirmedHigh = confirmed?.High,
                Trials = groups.Length * tune.Trials * tune.SeedsEach, WithoutScore = without, TrainingSteps = steps, TrainSeconds = trained,
                SampleSeconds = sampled,
            };
        }

        // By seed the mean over the arm's groups, of the seeds of which all are there.
        MeanInterval? Confirmed(int[] groups, int repeat)
        {
            if (spec.Tuned is null)
                return null;
            List<double> seeds = [];
            for (int seed = 0; seed < spec.Seeds.Count; seed++)
            {
                if (plan.RepeatOf(seed) != repeat)
                    continue;
                double?[] scores = [.. groups.Select(g => results.TryGetValue(((long)g * spec.Seeds.Count) + seed, out CompletedTrial? trial)
                    ? turn * Score.Of(trial, tune.Metric).Value : null)];
                if (Array.TrueForAll(scores, s => s is not null))
                    seeds.Add(scores.Average()!.Value);
            }

            return seeds.Count == 0 ? null : MeanInterval.Of([.. seeds]);
        }

        IEnumerable<string> Edges(int repeat, int arm, int choice)
        {
            for (int key = 0; key < tune.Over.Count; key++)
            {
                double?[] values = [.. Enumerable.Range(0, tune.Trials).Select(s => Number(plan.Setting(repeat, arm, s)[key]))];

                // Of two values one is always at an end.
                if (!Array.TrueForAll(values, v => v is not null) || values.Distinct().Count() < 3)
                    continue;
                if (values[choice] == values.Min())
                    yield return $"{tune.Over[key].Name}: the least tried";
                else if (values[choice] == values.Max())
                    yield return $"{tune.Over[key].Name}: the largest tried";
            }
        }

        JsonObject Values(IReadOnlyList<JsonNode> setting, bool known)
        {
            JsonObject values = [];
            for (int key = 0; key < tune.Over.Count; key++)
                values.Add(tune.Over[key].Name, known ? SweepSpecJson.Label(setting[key]) : null);
            return values;
        }
    }

    private const string TrainSeconds = "train_seconds";

    private static double Seconds(CompletedTrial trial, string metric) => trial.Result.Metrics.GetValueOrDefault(metric)?.Value ?? 0;

    private static double? Number(JsonNode value) => value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
