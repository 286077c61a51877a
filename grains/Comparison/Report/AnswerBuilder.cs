using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The words that the report opens with, by fixed rules from its numbers: a difference is stated as one only where its verdict says so, and
/// everything else is called undecided or not certain.
/// </summary>
internal sealed class AnswerBuilder
{
    private readonly Evidence evidence;
    private readonly string[] arms;
    private readonly MetricInfo headline;
    private readonly string? early;
    private readonly Coverage coverage;

    public AnswerBuilder(Evidence evidence, Coverage coverage)
    {
        (this.evidence, this.coverage) = (evidence, coverage);
        (arms, headline, early) = (evidence.Arms, evidence.Headline, evidence.Early);
    }

    /// <param name="trials">How far they are.</param>
    /// <param name="family">How comparisons were judged.</param>
    /// <param name="best">Of each data set, with which the answer of a search begins.</param>
    /// <param name="search">Null of a grid.</param>
    /// <param name="tuning">Null where nothing was tuned.</param>
    public AnswerSection Build(TrialsSection trials, FamilySection family, IReadOnlyList<BestSetting> best, SearchSection? search, TuningSection? tuning)
    {
        if (evidence.Groups.Count == 0)
        {
            List<string> state = State(trials);
            return new AnswerSection("No trial has completed, so there is nothing to compare.", state, null) { KeyFindings = state, Best = best };
        }

        List<FindingGroup> findings = [];
        foreach (JsonObject place in evidence.Places)
        {
            List<string> here =
                [.. arms.Skip(1).SelectMany(b => Differences(place, b)), .. Trend(place), .. Thresholds(place) is { } steps ? [steps] : Array.Empty<string>()];
            if (here.Count > 0)
                findings.Add(new FindingGroup(evidence.Title(place), here));
        }

        List<string> overall = [.. FromTheStart(), .. Distances(), .. Searched(search), .. Tuned(tuning), .. State(trials)];
        if (family.Comparisons > 0)
        {
            overall.Add($"{FamilyWords.Certain(evidence.Comparisons, family)} ({family.Method}-adjusted p below {Wording.Plain(family.Alpha)}). "
                + "Brackets are 95% intervals over seeds for one number each; trends over width and steps to threshold are described, not tested.");
        }

        findings.Add(new FindingGroup("Overall", overall));
        IReadOnlyList<PictureChoice> pictures = new PicturePicker(evidence).Pick();
        string opening = search is null ? new HeadlineWriter(evidence, coverage).Write() : SearchWords.Headline(evidence, best);
        if (tuning is not null)
            opening = TuningWords.Headline(tuning, opening);
        return new AnswerSection(opening, [.. findings.SelectMany(f => f.Sentences)], pictures[0])
        {
            KeyFindings = new KeyFindings(evidence, coverage).List([.. State(trials), .. Searched(search), .. Tuned(tuning)], family),
            Best = best,
            Findings = findings,
            Pictures = pictures,
        };
    }

    private IEnumerable<string> Differences(JsonObject place, string b)
    {
        Duel end = evidence.Duel(place, b, headline.Name);
        Duel? start = early is null ? null : evidence.Duel(place, b, early);
        string step = evidence.EarlyStep;
        bool alike = start is not null && new[] { "a", "b" }.Any(v =>
            end.Settings.Count > 0 && end.Won(v).Count == end.Settings.Count && start.Won(v).Count == end.Settings.Count);
        if (end.Settings.Count > 0)
        {
            yield return $"{evidence.Title(place)}, {evidence.Moment}: {end.Words("ends")}"
                + (alike ? $"; early (reverse step {step}) it is already closer to the truth level, by {start!.Amount(start.Settings)} (exploratory)." : ".");
        }

        if (start is null || start.Settings.Count == 0 || alike)
            yield break;
        yield return $"{evidence.Title(place)}, early (reverse step {step}, exploratory): {start.Words("is")}.";
        foreach ((string first, string last, string turn) in new[] { ("b", "a", $"better early but worse {evidence.Moment}"),
            ("a", "b", $"worse early but better {evidence.Moment}") })
        {
            ComparisonSection[] turned = [.. end.Won(last).Where(e => start.Won(first).Any(s => JsonNode.DeepEquals(s.Where, e.Where)))];
            if (turned.Length == 0)
                continue;
            ComparisonSection[] before = [.. start.Settings.Where(s => turned.Any(e => JsonNode.DeepEquals(s.Where, e.Where)))];
            yield return $"{evidence.Title(place)}: against {arms[0]}, {b} is {turn}{end.Where(turned)}: at step {step} by {start.Amount(before)}, "
                + $"{evidence.Moment} by {end.Amount(turned)}.";
        }
    }

    /// <summary>How the distance from the truth level at the end changes with the width.</summary>
    private IEnumerable<string> Trend(JsonObject place)
    {
        if (evidence.Trend(place) is not { } trend)
            yield break;
        List<string> grows = [], flat = [], advantages = [];
        foreach (ArmTrend arm in trend.Arms)
        {
            if (arm is { Grows: true, Growth: { } growth })
            {
                grows.Add($"{arm.Arm} from {Figures.Number(arm.Gaps[^1])} nats at width {trend.Wide} to {Figures.Number(arm.Gaps[0])} at width {trend.Narrow} "
                    + $"(by {Figures.Interval(growth.Mean, growth.Low, growth.High)})");
            }
            else
            {
                flat.Add($"{arm.Arm} ({Wording.WithUnit(Figures.Range(arm.Gaps.Min(), arm.Gaps.Max()), "nats")} over the widths)");
            }

            if (arm.Advantage is { Low: > 0 } more)
                advantages.Add($"{arm.Arm} by {Wording.WithUnit(Figures.Interval(more.Mean, more.Low, more.High), "nats")}");
        }

        List<string> parts = [];
        if (grows.Count > 0)
            parts.Add($"the final distance from the truth level grows as the width shrinks: {Wording.List(grows)}");
        if (flat.Count > 0)
            parts.Add(grows.Count > 0 ? $"no clear trend for {Wording.List(flat)}"
                : $"the final distance from the truth level shows no clear trend over the width: {Wording.List(flat)}");
        if (advantages.Count > 0)
            parts.Add($"the gain over {arms[0]} is larger at width {trend.Narrow} than at width {trend.Wide}: {Wording.List(advantages)}");
        if (parts.Count > 0)
            yield return $"{evidence.Title(place)}: {string.Join("; ", parts)}.";
    }

    /// <summary>What the preprocessing alone achieves: curves that are at the truth level before the first reverse step.</summary>
    private IEnumerable<string> FromTheStart()
    {
        foreach (string arm in arms)
        {
            JsonObject[] there = [.. evidence.Places.Where(p => evidence.StartsAtTruthLevel(p, arm))];
            if (there.Length == 0)
                continue;
            double[] distances = [.. there.SelectMany(p => evidence.Starts(p, arm)).OfType<double>()];
            yield return $"At step 0, before the network has done anything, {arm} is already within "
                + $"{Wording.WithUnit(Wording.Plain(evidence.Spec.ThresholdNats), "nats")} of the truth level on "
                + $"{Wording.List(there.Select(evidence.Title))} (distance {Wording.WithUnit(Figures.Range(distances.Min(), distances.Max()), "nats")}): the "
                    + $"preprocessing itself does that work; it is not learned by the network.";
        }
    }

    /// <summary>Whether the distances agree with the log-likelihood, which alone could be gamed.</summary>
    private IEnumerable<string> Distances()
    {
        foreach (string b in arms[1..])
        {
            List<string> agree = [];
            foreach (JsonObject place in evidence.Places)
            {
                Duel likelihood = evidence.Duel(place, b, MetricCatalog.LogLikelihood);
                Duel[] distances =
                [
                    .. new[] { MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein }.Select(m => evidence.Duel(place, b, m))
                        .Where(d => d.Average is not null),
                ];
                ComparisonSection[] suspects = [.. likelihood.Settings.Where(c => c.Reason?.Contains("collapse", StringComparison.Ordinal) == true)];
                if (suspects.Length > 0)
                    yield return $"{evidence.Title(place)}: suspected mode collapse{likelihood.Where(suspects)}: {suspects[0].Reason}.";
                if (likelihood.Average is not { Verdict: not "undecided" } called || distances.Length == 0)
                    continue;
                if (distances.All(d => Same(d.Average!.Verdict, called.Verdict)))
                    agree.Add(evidence.Title(place));
                string winner = Same(called.Verdict, "b") ? b : arms[0], loser = Same(called.Verdict, "b") ? arms[0] : b;
                Duel[] against = [.. distances.Where(d => !Same(d.Average!.Verdict, "undecided") && !Same(d.Average.Verdict, called.Verdict))];
                if (against.Length > 0)
                {
                    yield return $"{evidence.Title(place)}: the metrics disagree: by log-likelihood {winner} is better than {loser}, by "
                        + $"{Wording.List(against.Select(d => MetricInfo.InSentence(d.Metric.Label)))} worse. Suspect mode collapse and look at mode coverage.";
                }
            }

            if (agree.Count > 0)
                yield return $"{b} against {arms[0]}: energy distance and sliced Wasserstein-2 call the same winner as the final log-likelihood on "
                    + $"{Wording.List(agree)}.";
        }
    }

    private string? Thresholds(JsonObject place)
    {
        List<string> parts = [];
        foreach (string arm in arms)
        {
            MetricSummary[] steps =
            [
                .. evidence.Of(place, arm).Select(g => g.Metrics.GetValueOrDefault(MetricCatalog.StepsToThreshold)).OfType<MetricSummary>(),
            ];
            double?[] all = [.. steps.SelectMany(s => s.PerSeed)];
            double[] reached = [.. all.OfType<double>()];
            if (all.Length == 0 || (reached.Length == 0 && steps.All(s => s.Reason?.StartsWith("never", StringComparison.Ordinal) != true)))
                continue;
            int missing = all.Length - reached.Length;
            string never = missing == 0 ? "" : missing == all.Length ? "never" : $" (not reached in {missing} of {all.Length} trials)";
            parts.Add(reached.Length == 0 ? $"{arm} never" : $"{arm} {Steps(reached)}{never}");
        }

        return parts.Count == 0 ? null
            : $"{evidence.Title(place)}: within {Wording.WithUnit(Wording.Plain(evidence.Spec.ThresholdNats), "nats")} of the truth level for good from "
                + $"reverse step: {string.Join(", ", parts)}.";

        static string Steps(double[] steps) =>
            steps.Min() == steps.Max() ? Wording.Plain(steps[0]) : $"{Wording.Plain(steps.Min())} to {Wording.Plain(steps.Max())}";
    }

    private string[] Searched(SearchSection? search) => search is null ? []
        : [.. new[] { SearchWords.Judged(search), SearchWords.Certain(search, headline) }.OfType<string>()];

    private static IEnumerable<string> Tuned(TuningSection? tuning) => tuning is null ? []
        : new[] { TuningWords.Judged(tuning), TuningWords.Blind(tuning), TuningWords.AtEdge(tuning) }.OfType<string>();

    private static List<string> State(TrialsSection trials)
    {
        List<string> sentences = [];
        if (trials.Unfinished > 0)
            sentences.Add($"Provisional: {trials.Unfinished} of {trials.Total} trials have not finished.");
        if (trials.Failed + trials.Cancelled > 0)
        {
            sentences.Add($"{trials.Failed} of {trials.Total} trials failed and {trials.Cancelled} were cancelled; comparisons leave out their seeds, "
                + "which flatters an arm that fails when it does badly.");
        }

        return sentences;
    }

    private static bool Same(string a, string b) => Evidence.Same(a, b);
}
