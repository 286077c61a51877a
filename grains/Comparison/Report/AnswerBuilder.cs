using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The words that the report opens with, by fixed rules from its numbers: a difference is stated as one only where its verdict says so, and
/// everything else is called undecided or not certain.
/// </summary>
internal sealed class AnswerBuilder
{
    private static readonly string[] PlaceAxes = ["dataset", "schedule"];

    private readonly SweepSpec spec;
    private readonly TrialTable table;
    private readonly IReadOnlyList<GroupSection> groups;
    private readonly IReadOnlyList<ComparisonSection> comparisons;
    private readonly string[] fixedAxes;
    private readonly SweepAxis[] freeAxes;
    private readonly string[] arms;
    private readonly MetricInfo headline;
    private readonly string? early;

    public AnswerBuilder(SweepSpec spec, TrialTable table, IReadOnlyList<GroupSection> groups, IReadOnlyList<ComparisonSection> comparisons)
    {
        (this.spec, this.table, this.groups, this.comparisons) = (spec, table, groups, comparisons);
        fixedAxes = [.. PlaceAxes.Where(a => table.AxisIndex(a) >= 0 && !Same(a, spec.Compare.Axis))];
        freeAxes = [.. spec.Axes.Where(a => !Same(a.Name, spec.Compare.Axis) && !fixedAxes.Contains(a.Name, StringComparer.Ordinal) && a.Values.Count > 1)];
        int axis = table.AxisIndex(spec.Compare.Axis);
        string[] labels = axis < 0 ? [] : [.. spec.Axes[axis].Values.Select(AxisText.Of)];
        arms = [spec.Compare.Baseline, .. labels.Where(l => !Same(l, spec.Compare.Baseline))];
        headline = MetricCatalog.Info(spec.Compare.Metric);

        // What is certain is said first; otherwise the spec's order.
        arms = [arms[0], .. arms[1..].OrderByDescending(b => comparisons.Count(c => Same(c.B, b) && Same(c.Metric, headline.Name) && !Same(c.Verdict, "undecided")))];
        string[] readOffs = [.. comparisons.Select(c => c.Metric).Where(m => MetricCatalog.ReadOff(m) is not null && !Same(m, spec.Compare.Metric)).Distinct(StringComparer.Ordinal)];
        early = readOffs.Length == 1 ? readOffs[0] : null;
    }

    public AnswerSection Build(TrialsSection trials, FamilySection family)
    {
        if (groups.Count == 0)
            return new AnswerSection("No trial has completed, so there is nothing to compare.", State(trials), null);
        List<string> sentences = [];
        JsonObject[] places = [.. groups.Select(g => Only(g.Axes, fixedAxes)).DistinctBy(p => p.ToJsonString())];
        foreach (JsonObject place in places)
        {
            foreach (string b in arms[1..])
                sentences.AddRange(Differences(place, b));
            sentences.AddRange(Trend(place));
        }

        sentences.AddRange(FromTheStart(places));
        sentences.AddRange(Distances(places));
        sentences.AddRange(places.Select(Thresholds).OfType<string>());
        sentences.AddRange(State(trials));
        if (family.Comparisons > 0)
        {
            int certain = comparisons.Count(c => !Same(c.Verdict, "undecided"));
            sentences.Add($"{certain} of {family.Comparisons} comparisons are certain ({family.Method}-adjusted p below {Wording.Plain(family.Alpha)}). "
                + "Brackets are 95% intervals over seeds for one number each; trends over width and steps to threshold are described, not tested.");
        }

        return new AnswerSection(Headline(places), sentences, Picture());
    }

    private string Headline(JsonObject[] places)
    {
        if (arms.Length < 2)
            return $"Nothing to compare: {spec.Compare.Axis} has one value.";
        if (comparisons.All(c => c.PValue is null))
            return table.Seeds.Count < 2 ? "With one seed no difference can be called: run at least 3 seeds." : "No difference can be tested yet.";
        List<string> lines = [];
        foreach (string b in arms[1..])
        {
            // Places that read alike share a clause.
            IEnumerable<string> clauses = places.Select(p => (Place: Title(p), Claim: Claim(p, b))).GroupBy(p => p.Claim, StringComparer.Ordinal)
                .Select(g => $"on {Wording.List(g.Select(p => p.Place))} {g.Key}");
            lines.Add($"{b} against {arms[0]}: {string.Join("; ", clauses)}.");
        }

        return string.Join(" ", lines);
    }

    private string Claim(JsonObject place, string b)
    {
        Duel end = DuelOf(place, b, headline.Name);
        IReadOnlyList<ComparisonSection> better = end.Won("b"), worse = end.Won("a");
        if (end.Settings.Count == 0)
            return "not measured";
        string atEnd = (better.Count, worse.Count) switch
        {
            (0, 0) => end.Average is { PValue: not null, Verdict: not "undecided" } average && end.Axes.Count > 0
                ? $"{(Same(average.Verdict, "b") ? "better" : "worse")} at the end on average"
                : "undecided at the end",
            ( > 0, 0) => $"better at the end{end.Where(better)}",
            (0, > 0) => $"worse at the end{end.Where(worse)}",
            _ => $"better at the end{end.Where(better)} but worse{end.Where(worse)}",
        };
        if (early is null)
            return atEnd;
        Duel start = DuelOf(place, b, early);
        string step = MetricCatalog.ReadOff(early)!.Value.Step.ToString(CultureInfo.InvariantCulture);
        string? atStart = start.Won("b").Count == start.Settings.Count && start.Settings.Count > 0 ? "better"
            : start.Won("a").Count == start.Settings.Count && start.Settings.Count > 0 ? "worse" : null;
        bool sameWay = atStart is null || (Same(atStart, "better") ? worse.Count == 0 && better.Count > 0 : better.Count == 0 && worse.Count > 0);
        return sameWay ? atEnd : $"{atStart} early (step {step}){(atEnd.StartsWith("undecided", StringComparison.Ordinal) ? ", " : " but ")}{atEnd}";
    }

    private IEnumerable<string> Differences(JsonObject place, string b)
    {
        Duel end = DuelOf(place, b, headline.Name);
        Duel? start = early is null ? null : DuelOf(place, b, early);
        string step = early is null ? "" : MetricCatalog.ReadOff(early)!.Value.Step.ToString(CultureInfo.InvariantCulture);
        bool alike = start is not null && new[] { "a", "b" }.Any(v =>
            end.Settings.Count > 0 && end.Won(v).Count == end.Settings.Count && start.Won(v).Count == end.Settings.Count);
        if (end.Settings.Count > 0)
        {
            yield return $"{Title(place)}, at the end: {end.Words("ends")}"
                + (alike ? $"; early (reverse step {step}) it is already closer to the floor, by {start!.Amount(start.Settings)}." : ".");
        }

        if (start is null || start.Settings.Count == 0 || alike)
            yield break;
        yield return $"{Title(place)}, early (reverse step {step}): {start.Words("is")}.";
        foreach ((string first, string last, string turn) in new[] { ("b", "a", "better early but worse at the end"), ("a", "b", "worse early but better at the end") })
        {
            ComparisonSection[] turned = [.. end.Won(last).Where(e => start.Won(first).Any(s => JsonNode.DeepEquals(s.Where, e.Where)))];
            if (turned.Length == 0)
                continue;
            ComparisonSection[] before = [.. start.Settings.Where(s => turned.Any(e => JsonNode.DeepEquals(s.Where, e.Where)))];
            yield return $"{Title(place)}: against {arms[0]}, {b} is {turn}{end.Where(turned)}: at step {step} by {start.Amount(before)}, at the end by {end.Amount(turned)}.";
        }
    }

    /// <summary>How the distance from the floor at the end changes with the width.</summary>
    private IEnumerable<string> Trend(JsonObject place)
    {
        if (freeAxes is not [{ Name: "width" } widths] || !Same(headline.Name, MetricCatalog.LogLikelihood))
            yield break;
        JsonNode[] ordered = [.. widths.Values.OrderBy(v => AxisText.Number(v))];
        string narrow = AxisText.Of(ordered[0]), wide = AxisText.Of(ordered[^1]);
        List<string> grows = [], flat = [], advantages = [];
        Func<long, double?>? baseline = null;
        foreach (string arm in arms)
        {
            TrialCell[] cells = [.. ordered.Select(w => Cell(place, arm, w)).OfType<TrialCell>()];
            double[] gaps = [.. cells.Select(MeanGap).OfType<double>()];
            if (gaps.Length < ordered.Length)
                continue;
            double? Growth(long seed) => Gap(cells[0], seed) - Gap(cells[^1], seed);
            double[] growth = [.. table.Seeds.Select(Growth).OfType<double>()];
            if (growth.Length > 1 && MeanInterval.Of(growth) is { Low: > 0 } interval)
            {
                grows.Add($"{arm} from {Figures.Number(gaps[^1])} nats at width {wide} to {Figures.Number(gaps[0])} at width {narrow} "
                    + $"(by {Figures.Interval(interval.Mean, interval.Low, interval.High)})");
            }
            else
            {
                flat.Add($"{arm} ({Wording.WithUnit(Figures.Range(gaps.Min(), gaps.Max()), "nats")} over the widths)");
            }

            if (Same(arm, arms[0]))
                baseline = Growth;
            double[] advantage = baseline is null || Same(arm, arms[0]) ? [] : [.. table.Seeds.Select(seed => baseline(seed) - Growth(seed)).OfType<double>()];
            if (advantage.Length > 1 && MeanInterval.Of(advantage) is { Low: > 0 } more)
                advantages.Add($"{arm} by {Wording.WithUnit(Figures.Interval(more.Mean, more.Low, more.High), "nats")}");
        }

        List<string> parts = [];
        if (grows.Count > 0)
            parts.Add($"the final distance from the floor grows as the width shrinks: {Wording.List(grows)}");
        if (flat.Count > 0)
            parts.Add(grows.Count > 0 ? $"no clear trend for {Wording.List(flat)}" : $"the final distance from the floor shows no clear trend over the width: {Wording.List(flat)}");
        if (advantages.Count > 0)
            parts.Add($"the gain over {arms[0]} is larger at width {narrow} than at width {wide}: {Wording.List(advantages)}");
        if (parts.Count > 0)
            yield return $"{Title(place)}: {string.Join("; ", parts)}.";
    }

    /// <summary>What the preprocessing alone achieves: curves that are at the floor before the first reverse step.</summary>
    private IEnumerable<string> FromTheStart(JsonObject[] places)
    {
        foreach (string arm in arms)
        {
            List<string> there = [];
            List<double> distances = [];
            foreach (JsonObject place in places)
            {
                double?[] starts =
                [
                    .. groups.Where(g => Same(AxisText.Of(g.Axes[spec.Compare.Axis]), arm) && Matches(g.Axes, place)).Select(g =>
                        g.Curves.GetValueOrDefault(MetricCatalog.LogLikelihood)?.Mean is [{ } first, ..]
                        && g.Metrics.GetValueOrDefault(MetricCatalog.LogLikelihood)?.Floor is { } floor ? Math.Abs(first - floor) : (double?)null),
                ];
                if (starts.Length == 0 || !starts.All(s => s <= spec.ThresholdNats))
                    continue;
                there.Add(Title(place));
                distances.AddRange(starts.OfType<double>());
            }

            if (there.Count > 0)
            {
                yield return $"At step 0, before the network has done anything, {arm} is already within {Wording.WithUnit(Wording.Plain(spec.ThresholdNats), "nats")} of the floor on "
                    + $"{Wording.List(there)} (distance {Wording.WithUnit(Figures.Range(distances.Min(), distances.Max()), "nats")}): the preprocessing itself does that work; it is not learned by the network.";
            }
        }
    }

    /// <summary>Whether the distances agree with the log-likelihood, which alone could be gamed.</summary>
    private IEnumerable<string> Distances(JsonObject[] places)
    {
        foreach (string b in arms[1..])
        {
            List<string> agree = [];
            foreach (JsonObject place in places)
            {
                Duel likelihood = DuelOf(place, b, MetricCatalog.LogLikelihood);
                Duel[] distances =
                [
                    .. new[] { MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein }.Select(m => DuelOf(place, b, m)).Where(d => d.Average is not null),
                ];
                ComparisonSection[] suspects = [.. likelihood.Settings.Where(c => c.Reason?.Contains("collapse", StringComparison.Ordinal) == true)];
                if (suspects.Length > 0)
                    yield return $"{Title(place)}: suspected mode collapse{likelihood.Where(suspects)}: {suspects[0].Reason}.";
                if (likelihood.Average is not { Verdict: not "undecided" } called || distances.Length == 0)
                    continue;
                if (distances.All(d => Same(d.Average!.Verdict, called.Verdict)))
                    agree.Add(Title(place));
                string winner = Same(called.Verdict, "b") ? b : arms[0], loser = Same(called.Verdict, "b") ? arms[0] : b;
                Duel[] against = [.. distances.Where(d => !Same(d.Average!.Verdict, "undecided") && !Same(d.Average.Verdict, called.Verdict))];
                if (against.Length > 0)
                {
                    yield return $"{Title(place)}: the metrics disagree: by log-likelihood {winner} is better than {loser}, by "
                        + $"{Wording.List(against.Select(d => d.Metric.Label.ToLowerInvariant()))} worse. Suspect mode collapse and look at mode coverage.";
                }
            }

            if (agree.Count > 0)
                yield return $"{b} against {arms[0]}: energy distance and sliced Wasserstein-2 call the same winner as the final log-likelihood on {Wording.List(agree)}.";
        }
    }

    private string? Thresholds(JsonObject place)
    {
        List<string> parts = [];
        foreach (string arm in arms)
        {
            MetricSummary[] steps =
            [
                .. groups.Where(g => Same(AxisText.Of(g.Axes[spec.Compare.Axis]), arm) && Matches(g.Axes, place))
                    .Select(g => g.Metrics.GetValueOrDefault(MetricCatalog.StepsToThreshold)).OfType<MetricSummary>(),
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
            : $"{Title(place)}: within {Wording.WithUnit(Wording.Plain(spec.ThresholdNats), "nats")} of the floor for good from reverse step: {string.Join(", ", parts)}.";

        static string Steps(double[] steps) => steps.Min() == steps.Max() ? Wording.Plain(steps[0]) : $"{Wording.Plain(steps.Min())} to {Wording.Plain(steps.Max())}";
    }

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

    private PictureChoice? Picture()
    {
        ComparisonSection[] full = [.. comparisons.Where(c => c.AveragedOver.Count == 0 && Same(c.Metric, headline.Name) && c.Difference.Mean is not null)];
        ComparisonSection? best = full.Where(c => !Same(c.Verdict, "undecided")).MaxBy(c => Math.Abs(c.Difference.Mean!.Value));
        string reason = "the largest certain difference at the end";
        if (best is null)
        {
            best = full.MaxBy(c => Math.Abs(c.Difference.Mean!.Value));
            reason = "no difference is certain; this is the largest";
        }

        JsonObject where = best?.Where ?? groups[0].Axes;
        JsonNode? Value(string axis) => (where[axis] ?? groups[0].Axes[axis])?.DeepClone();
        return new PictureChoice(Value("dataset"), Value("width"), best is null ? "the first group" : $"{reason}: {best.B} against {best.A}");
    }

    private Duel DuelOf(JsonObject place, string b, string metric)
    {
        ComparisonSection[] here = [.. comparisons.Where(c => Same(c.Metric, metric) && Same(c.B, b) && Matches(c.Where, place))];
        ComparisonSection[] settings = [.. here.Where(c => c.AveragedOver.Count == 0)];
        return new Duel
        {
            A = arms[0],
            B = b,
            Metric = MetricCatalog.Info(metric),
            Axes = freeAxes,
            Settings = settings,
            Average = here.FirstOrDefault(c => c.AveragedOver.Count > 0) ?? (settings.Length == 1 ? settings[0] : null),
        };
    }

    private TrialCell? Cell(JsonObject place, string arm, JsonNode width) => table.Cells.FirstOrDefault(c =>
        Matches(c.Axes, place) && Same(AxisText.Of(c.Axes[spec.Compare.Axis]), arm) && JsonNode.DeepEquals(c.Axes["width"], width));

    private double? MeanGap(TrialCell cell)
    {
        double?[] gaps = [.. table.Seeds.Where(cell.BySeed.ContainsKey).Select(seed => Gap(cell, seed))];
        return gaps.All(g => g is not null) ? gaps.Average() : null;
    }

    /// <summary>Distance from the floor; null where the trial, its value or its floor is missing.</summary>
    private static double? Gap(TrialCell cell, long seed) =>
        cell.BySeed.GetValueOrDefault(seed) is { } trial && Score.Of(trial, MetricCatalog.LogLikelihood).Excess is { } excess ? Math.Abs(excess) : null;

    private string Title(JsonObject place)
    {
        string[] named = [.. fixedAxes.Where(a => Same(a, "dataset") || spec.Axes[table.AxisIndex(a)].Values.Count > 1).Select(a => AxisText.Of(place[a]))];
        return named.Length > 0 ? string.Join(" with ", named) : "All";
    }

    private static JsonObject Only(JsonObject axes, IEnumerable<string> names) => [.. names.Select(n => KeyValuePair.Create(n, axes[n]?.DeepClone()))];

    private static bool Matches(JsonObject axes, JsonObject place) => place.All(p => JsonNode.DeepEquals(p.Value, axes[p.Key]));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
