using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is said of tuning: before it, on the way, and in its report.</summary>
public static class TuningWords
{
    /// <summary>What <c>sweep check</c> says of the plan; empty where nothing is tuned.</summary>
    public static IEnumerable<string> Check(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (TunePlan.Of(spec) is not { } plan)
            yield break;
        TuneSpec tune = plan.Tune;
        yield return $"tunes {Wording.List(tune.Over.Select(o => o.Name))} for each {Arms(tune.Per)}: "
            + $"{Points(tune.Method, tune.Trials, tune.Seed, tune.Batch)}, {(tune.Batch == 0 ? "the same" : $"the first {Count(tune.First)} the same")} for "
            + $"every arm, on {Seeds(tune)}, by {tune.Metric}; the best of each then runs with the sweep's {Count(spec.Seeds.Count, "seed")}, and only "
            + "that is compared";
        long[] steps = Steps(spec, plan);
        long trials = plan.Count / plan.Arms;
        yield return $"budget: {Count(plan.Count, "trial")} to tune and {Count(plan.Compared, "trial")} to confirm; each of {Count(plan.Arms, "arm")} tunes "
            + $"with {Count(trials, "trial")} and {StepsOf(steps)}"
            + $"{(steps.Distinct().Count() == 1 ? "" : " (the arms' steps differ as their axes do)")}";
    }

    /// <summary>The same in numbers; null where nothing is tuned.</summary>
    public static object? Budget(SweepSpec spec)
    {
        if (TunePlan.Of(spec) is not { } plan)
            return null;
        long[] steps = Steps(spec, plan);
        return new
        {
            tuning = plan.Count, confirming = plan.Compared, arms = plan.Arms, trials_each = plan.Count / plan.Arms,
            training_steps_each = steps.Distinct().Count() == 1 ? steps[0] : (long?)null, training_steps_least = steps.Min(), training_steps_most = steps.Max(),
        };
    }

    /// <summary>How it was done, and what that means for the comparisons.</summary>
    public static string Judged(TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        string each = tuning.Repeats == 1
            ? "One tuning is one replicate, so what is compared is the settings chosen, and not the arms however they are tuned"
            : $"Each of the {Count(tuning.Repeats)} seeds confirms a tuning of its own, so that intervals over seeds are over tunings too";
        string points = Points(tuning.Method, tuning.Settings, tuning.Seed, tuning.Batch ?? 0);
        return $"Tuned: each {Arms(tuning.Per)} has the best of {points} of {Wording.List(tuning.Over)}, chosen "
            + $"by {MetricInfo.InSentence(MetricCatalog.Info(tuning.Metric).Label)} on seeds of tuning's own. Pairs share seed and data, not settings. {each}.";
    }

    /// <summary>The budget of each arm, and what it took.</summary>
    public static string Budget(TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        int[] trials = [.. tuning.Arms.Select(a => a.Trials)];
        long[] steps = [.. tuning.Arms.Select(a => a.TrainingSteps)];
        string equal = steps.Distinct().Count() == 1 ? "Every arm tuned with" : "Arms tuned with";
        double[] trained = [.. tuning.Arms.Select(a => a.TrainSeconds)], sampled = [.. tuning.Arms.Select(a => a.SampleSeconds)];
        return $"{equal} {Count(trials.Max(), "trial")} and {StepsOf(steps)}{(tuning.Repeats > 1 ? " a repeat" : "")}; they trained for "
            + $"{Figures.Range(trained.Min(), trained.Max())} s and sampled for {Figures.Range(sampled.Min(), sampled.Max())} s each.";
    }

    /// <summary>Choices at the edge of what was tried, which a wider range might better; null where there are none.</summary>
    public static string? AtEdge(TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        TunedArmSection[] edge = [.. tuning.Arms.Where(a => a.Edge.Count > 0)];
        if (edge.Length == 0)
            return null;
        string more = edge.Length > Evidence.Handful ? $"; {Count(edge.Length - Evidence.Handful)} more" : "";
        return "Chosen at the edge of what was tried, so that a wider range may have better: "
            + $"{string.Join("; ", edge.Take(Evidence.Handful).Select(a => $"{Name(a, tuning)} ({string.Join(", ", a.Edge)})"))}{more}.";
    }

    /// <summary>Arms none of whose settings has a score; null where there are none.</summary>
    public static string? Blind(TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        TunedArmSection[] blind = [.. tuning.Arms.Where(a => a.Choice is not null && a.ChosenScore is null)];
        return blind.Length == 0 ? null
            : $"No setting has a score, so the first stands for the best: {string.Join("; ", blind.Take(Evidence.Handful).Select(a => Name(a, tuning)))}.";
    }

    /// <summary>What a score is, in words.</summary>
    public static string Score(TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        MetricInfo info = MetricCatalog.Info(tuning.Metric);
        string metric = MetricInfo.InSentence(info.Label);
        return string.Equals(info.Better, MetricCatalog.TruthLevel, StringComparison.Ordinal) ? $"distance of {metric} from its truth level" : metric;
    }

    /// <summary>An arm's name.</summary>
    public static string Name(TunedArmSection arm, TuningSection tuning)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(tuning);
        string axes = string.Join(", ", arm.Axes.Select(a => $"{a.Key} {AxisText.Of(a.Value)}"));
        return tuning.Repeats == 1 ? axes : $"{axes}{(axes.Length > 0 ? ", " : "")}repeat {Count(arm.Repeat)}";
    }

    /// <summary>What the answer begins with.</summary>
    internal static string Headline(TuningSection tuning, string compared) =>
        $"With {Wording.List(tuning.Over)} tuned for each {Arms(tuning.Per)}: {compared}";

    /// <summary>Where tuning stands, in one line; null where nothing is tuned.</summary>
    public static string? Stand(SweepSummary sweep, IReadOnlyList<JudgedLook> looks)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(looks);
        if (!sweep.Tunes)
            return null;
        if (sweep.Look > 0)
        {
            return $"tuning: {Count(sweep.Completed)} of {Count(sweep.Total - sweep.Held)} trials that choose settings are done; "
                + $"{Count(sweep.Held)} more follow from what they show";
        }

        string at = looks.Count == 0 ? "" : $" on {looks[^1].At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
        return $"{(sweep.Unfinished > 0 ? "confirming" : "confirmed")}: settings were chosen{at}";
    }

    private static long[] Steps(SweepSpec spec, TunePlan plan)
    {
        long[] steps = new long[plan.Arms];
        long ordinal = plan.Compared;
        foreach (TrialSpec trial in TrialExpansion.All(spec).Skip((int)plan.Compared))
            steps[plan.ArmOf(plan.At(ordinal++)!.Value.Group)] += trial.Training.Steps;
        return steps;
    }

    private static string StepsOf(long[] steps) => steps.Distinct().Count() == 1
        ? $"{Plain(steps[0])} training steps" : $"{Plain(steps.Min())} to {Plain(steps.Max())} training steps";

    private static string Seeds(TuneSpec tune) => tune.Repeats == 1 ? Count(tune.Seeds.Count, "seed") + " of their own"
        : $"{Count(tune.SeedsEach, "seed")} of their own, anew for each of the sweep's seeds";

    private static string Points(string method, int settings, long seed, int batch) => $"{Count(settings, "setting")} " + method switch
    {
        TuneSpec.Sobol => "of a scrambled Sobol sequence",
        TuneSpec.Parzen => $"(suggested by a tree-structured Parzen estimator, {Plain(batch)} at a time, after a Sobol sequence's first)",
        _ => "drawn at random",
    } + $" (seed {Plain(seed)})";

    private static string Arms(IReadOnlyList<string> per) => per.Count == 0 ? "arm" : string.Join(" and ", per);

    private static string Plain(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Count(long count, string what) => $"{Plain(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
