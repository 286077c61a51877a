using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Tuning;

/// <summary>
/// Suggests what each arm tries next, by <see cref="TreeParzen"/> on the arm's own scores: a pure function of the results, so that every replay suggests alike.
/// Within a batch a suggestion repels the next ones, as if it were bad; no setting is suggested twice.
/// </summary>
public static class Estimator
{
    /// <summary>How often a setting that was tried before is drawn anew before one of the sequence takes its place.</summary>
    private const int Attempts = 20;

    /// <summary>What was suggested before, and the next batch.</summary>
    /// <param name="plan">The sweep's.</param>
    /// <param name="before">Null at first.</param>
    /// <param name="found">The scores of all settings known so far.</param>
    /// <param name="known">How many those are.</param>
    public static TunedSuggestions Next(TunePlan plan, TunedSuggestions? before, TuningResult found, int known)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(found);
        int next = Math.Min(plan.Tune.Trials, known + plan.Tune.Batch);
        return new TunedSuggestions(
        [
            .. Enumerable.Range(0, plan.Tune.Repeats).Select(IReadOnlyList<IReadOnlyList<IReadOnlyList<JsonNode>>> (repeat) =>
            [
                .. Enumerable.Range(0, plan.Arms).Select(IReadOnlyList<IReadOnlyList<JsonNode>> (arm) =>
                    [.. before?.Settings[repeat][arm] ?? [], .. Batch(plan, found.Scores[repeat][arm], repeat, arm, known, next)]),
            ]),
        ]);
    }

    private static List<IReadOnlyList<JsonNode>> Batch(TunePlan plan, IReadOnlyList<double?> scores, int repeat, int arm, int known, int next)
    {
        TuneSpec tune = plan.Tune;
        int sign = TuningJudge.LessIsBetter(tune.Metric) ? 1 : -1;
        ParzenDimension[] space = [.. tune.Over.Select(o => new ParzenDimension(o.Range is null ? o.Values.Count : 0))];
        List<ParzenTrial> tried =
            [.. Enumerable.Range(0, known).Select(s => new ParzenTrial(Point(tune, plan.Setting(repeat, arm, s)), sign * scores[s]))];
        HashSet<string> there = [.. Enumerable.Range(0, known).Select(s => Key(plan.Setting(repeat, arm, s)))];
        List<IReadOnlyList<JsonNode>> batch = [];
        for (int setting = known; setting < next; setting++)
        {
            PhiloxStream stream = new((ulong)(tune.Seed + repeat), NoisePurpose.TuningPoints, (uint)((arm * tune.Trials) + setting));
            IReadOnlyList<JsonNode>? suggested = null;
            for (int attempt = 0; attempt < Attempts && suggested is null; attempt++)
                suggested = TreeParzen.Suggest(space, tried, ref stream).Select(p => Setting(tune, p)).FirstOrDefault(s => !there.Contains(Key(s)));

            // Where few settings are left, the first of the sequence that isn't there: it has as many as are tried.
            suggested ??= plan.Settings[repeat].First(s => !there.Contains(Key(s)));
            there.Add(Key(suggested));
            tried.Add(new ParzenTrial(Point(tune, suggested), null));
            batch.Add(suggested);
        }

        return batch;
    }

    private static string Key(IReadOnlyList<JsonNode> setting) => string.Join('\n', setting.Select(CanonicalJson.Write));

    private static List<JsonNode> Setting(TuneSpec tune, double[] point) =>
        [.. tune.Over.Select((key, d) => key.Range is { } range ? range.At(point[d]) : key.Values[(int)point[d]].DeepClone())];

    /// <summary>A range's value by its share of the scale, a list's by its number.</summary>
    private static double[] Point(TuneSpec tune, IReadOnlyList<JsonNode> setting) => [.. tune.Over.Select((key, d) => key.Range is { } range
        ? Math.Clamp(
            (range.Coordinate(Number(setting[d])) - range.Coordinate(range.From)) / (range.Coordinate(range.To) - range.Coordinate(range.From)), 0, 1)
        : Enumerable.Range(0, key.Values.Count).First(i => CanonicalJson.Write(key.Values[i]) == CanonicalJson.Write(setting[d])))];

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
