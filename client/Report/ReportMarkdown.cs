using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using static Sweep.Client.Report.MarkdownText;

namespace Sweep.Client.Report;

/// <summary><c>report.md</c>: the page in words and tables, fit to be pasted into an appendix.</summary>
internal static class ReportMarkdown
{
    private static readonly string[] Apart = ["dataset", "schedule"];
    private static readonly string[] NotInTable = [StepsToThreshold.Key, SampleSeconds.Key, TotalVariation.Key];

    /// <summary>Round-trip errors below it are rounding, and no column's worth.</summary>
    private const double Rounding = 1e-12;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Of(ReportDocument document)
    {
        StringBuilder text = new();
        text.Append($"# {Escape(document.Sweep.Name)}\n\n**{Escape(document.Answer.Headline)}**\n\n");
        Best(text, document);
        foreach (string finding in document.Answer.KeyFindings)
            text.Append($"- {Escape(finding)}\n");
        text.Append($"\n{Trials(document.Trials)} Intervals are 95% over seeds (Student's t"
            + $"{(document.Family.Race is null ? "" : "; of differences and claims at the looks' shares of the level")}).\n\n");
        Expectations(text, document);
        TradeOffMarkdown.Write(text, document);
        ImportanceMarkdown.Write(text, document);
        SearchMarkdown.Write(text, document);
        Finals(text, document);
        Thresholds(text, document);
        DiagnosticsMarkdown.Write(text, document);
        Findings(text, document);
        TuningMarkdown.Write(text, document);
        Comparisons(text, document);
        Failures(text, document);
        Metrics(text, document);
        text.Append("## Spec\n\nAs written:\n\n").Append(Fenced("yaml", document.Sweep.Source));
        text.Append("\nResolved:\n\n").Append(Fenced("json", document.Sweep.Spec.ToJsonString(Indented)));
        ReportEnvironment machine = document.Environment;
        text.Append("\n## Environment\n\n")
            .Append($"Sweep {Escape(machine.SweepVersion)}, .NET {Escape(machine.Dotnet)}, {Escape(machine.Os)}, {Escape(machine.Cpu)}, ")
            .Append($"{machine.Cores} cores, {machine.VectorWidth}-bit vectors; devices: {Escape(string.Join(", ", machine.Devices))}. ")
            .Append($"Sweep id {Escape(document.Sweep.Id)}, report of "
                + $"{document.Generated.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}.\n");
        return text.ToString();
    }

    private static void Best(StringBuilder text, ReportDocument document)
    {
        IReadOnlyList<BestSetting> best = document.Answer.Best;
        if (!best.Any(b => b.Of > 1))
            return;
        string name = document.Sweep.Compare.Metric;
        MetricInfo metric = document.Metrics.FirstOrDefault(m => m.Name == name) ?? new MetricInfo(name, name, "", "unknown", "");
        bool named = best.Any(b => b.Dataset.Length > 0);
        string[] Columns(string dataset, params string[] others) => named ? [dataset, .. others] : others;
        Row(text, Columns("data set", "best setting, of how many", Title(metric), "truth level", "not told apart from it", "seconds per trial"));
        Rule(text, named ? 6 : 5);
        foreach (BestSetting b in best)
        {
            string axes = string.Join(", ", b.Axes.Select(a => $"{a.Key} {Value(a.Value)}"));
            Row(text, Columns(
                Escape(b.Dataset),
                $"{Escape(axes)} ({b.Of}{(b.LeftOut > 0 ? $"; {b.LeftOut} without a value in some seed" : "")})",
                Figures.Interval(b.Mean, metric.Shown(b.CiLow), metric.Shown(b.CiHigh)),
                b.TruthLevel is { } level ? Figures.Number(level) : "",
                $"{b.NotToldApart} of {b.Of - 1}",
                b.TrialSeconds is { } seconds ? Figures.Number(seconds) : ""));
        }

        if (RaceWords.FirstSeeds(document.Family) is { } seeds)
            text.Append($"\n{seeds}\n");
        text.Append("\nThe best means are picked from the same results, so they are optimistic. Not told apart: paired t-test over seeds, Holm-adjusted for "
            + "all pairs of settings of a data set, p at least 0.05; it does not mean equal.\n\n");
    }

    private static string Trials(TrialsSection trials)
    {
        StringBuilder text = new($"{trials.Completed} of {trials.Total} trials completed");
        foreach ((long count, string what) in new[] { (trials.Failed, "failed"), (trials.Cancelled, "cancelled"), (trials.Pruned, "not needed"),
            (trials.Unfinished, "unfinished") })
        {
            if (count > 0)
                text.Append($", {count} {what}");
        }

        return text.Append('.').ToString();
    }

    private static void Expectations(StringBuilder text, ReportDocument document)
    {
        if (document.ExpectationRules is not { } rules)
            return;
        text.Append($"## Expectations\n\n{ExpectationWords.Counts(rules)}, over {ExpectationWords.Seeds(document)}. "
            + $"{Escape(rules.Registration)}\n\n");
        if (document.Expectations.Count > 0)
        {
            bool controlled = document.Expectations.Any(e => e.Controls is not null);
            string[] Columns(string control, params string[] others) => controlled ? [.. others[..^1], control, others[^1]] : others;
            Row(text, Columns("control", "", "claim", "judged", "outcome", "completed when stated"));
            Rule(text, controlled ? 6 : 5);
            foreach (ExpectationSection e in document.Expectations)
            {
                Row(text, Columns(
                    e.Controls is { } controls ? string.Join("; ", controls.Select(c => Escape(ExpectationWords.Control(c)))) : "-",
                    $"{ExpectationWords.Mark(e.Verdict)} {e.Verdict}",
                    Escape(e.Claim),
                    Escape(ExpectationWords.Subject(e)),
                    Escape(ExpectationWords.Outcome(e)),
                    e.Registered is { } r ? $"{r.Completed} of {r.Total}" : "-"));
            }

            text.Append('\n');
        }

        if (rules.Withdrawn.Count > 0)
        {
            text.Append("Withdrawn or changed, and not judged:\n\n");
            foreach (WithdrawnExpectation w in rules.Withdrawn)
                text.Append($"- {Escape($"{w.Claim} ({w.Is})")}\n");
            text.Append('\n');
        }

        text.Append($"How: {Escape(rules.Method)}\n\n");
    }

    private static void Finals(StringBuilder text, ReportDocument document)
    {
        string seedsOf = RaceWords.OwnSeeds(document.Family) is { } own ? $" {own}" : "";
        text.Append($"## Final metrics\n\nMean [95% interval].{seedsOf}\n\n");
        foreach ((string title, string[] columns, GroupSection[] groups) in Places(document))
        {
            MetricInfo[] metrics =
            [
                .. document.Metrics.Where(m => !NotInTable.Contains(m.Name, StringComparer.Ordinal) && !DiagnosticsMarkdown.Has(m.Name)
                    && TellsSomething(document, m.Name)
                        && groups.Any(g => g.Metrics.TryGetValue(m.Name, out MetricSummary? s) && IsMeasured(s)))
                    .OrderBy(m => m.Name is DenoiserEvaluations.Key ? 0 : 1),
            ];
            text.Append($"### {Escape(title)}\n\n");

            // In a race groups have different numbers of seeds.
            string[] seeds = document.Family.Race is null ? [] : ["seeds"];
            Row(text, [.. columns, .. seeds, .. metrics.Select(Title)]);
            Rule(text, columns.Length + seeds.Length + metrics.Length);
            foreach (GroupSection group in groups)
            {
                Row(text,
                [
                    .. columns.Select(c => Text(group.Axes[c])), .. seeds.Select(_ => group.Seeds.Count.ToString(CultureInfo.InvariantCulture)),
                    .. metrics.Select(m => Cell(m, group.Metrics.GetValueOrDefault(m.Name))),
                ]);
            }

            if (columns.Length > 0)
                Row(text, ["*true samples*", .. Enumerable.Repeat("", columns.Length + seeds.Length - 1), .. metrics.Select(m => TruthLevel(groups, m.Name))]);
            text.Append('\n');
        }
    }

    /// <summary>A metric that no sample of any arm gave a value keeps its column: with a truth level it was there to be measured.</summary>
    private static bool IsMeasured(MetricSummary summary) => summary.TruthLevel is not null || summary.PerSeed.Any(v => v is not null);

    /// <summary>
    /// What samplers cost stands first where it varies, and nowhere else: quality at unequal numbers of evaluations says little. A round trip is worth a column
    /// when it isn't exact.
    /// </summary>
    private static bool TellsSomething(ReportDocument document, string metric)
    {
        IEnumerable<double> values = document.Groups.SelectMany(g => g.Metrics.GetValueOrDefault(metric)?.PerSeed ?? []).OfType<double>();
        return metric switch
        {
            DenoiserEvaluations.Key => values.Distinct().Skip(1).Any(),
            RoundTripError.Key => values.Any(v => v > Rounding),
            _ => true,
        };
    }

    private static void Thresholds(StringBuilder text, ReportDocument document)
    {
        const string Name = StepsToThreshold.Key;
        if (document.Metrics.FirstOrDefault(m => string.Equals(m.Name, Name, StringComparison.Ordinal)) is not { } info)
            return;
        text.Append($"## Steps to threshold\n\nThe first reverse step from which the log-likelihood stays within {document.Sweep.ThresholdNats} ")
            .Append(document.Sweep.ThresholdNats == 1 ? "nat of the truth level.\n\n" : "nats of the truth level.\n\n");
        foreach ((string title, string[] columns, GroupSection[] groups) in Places(document))
        {
            text.Append($"### {Escape(title)}\n\n");
            if (groups.All(g => g.Metrics.GetValueOrDefault(LogLikelihood.Key) is not { TruthLevel: not null }))
            {
                // Without a truth level there is nothing to reach: "never" would be a claim.
                text.Append("The density is not known, so there is no truth level to reach.\n\n");
                continue;
            }

            Row(text, [.. columns, "mean [95% interval]", "by seed"]);
            Rule(text, columns.Length + 2);
            foreach (GroupSection group in groups)
            {
                MetricSummary? steps = group.Metrics.GetValueOrDefault(Name);
                string seeds = string.Join(", ", steps?.PerSeed.Select(v => v is { } x ? Figures.Number(x) : "never") ?? []);
                Row(text, [.. columns.Select(c => Text(group.Axes[c])), Cell(info, steps), seeds]);
            }

            text.Append('\n');
        }
    }

    private static void Findings(StringBuilder text, ReportDocument document)
    {
        text.Append("## All findings\n\n");
        foreach (FindingGroup group in document.Answer.Findings)
        {
            text.Append($"### {Escape(group.Title)}\n\n");
            foreach (string sentence in group.Sentences)
                text.Append($"- {Escape(sentence)}\n");
            text.Append('\n');
        }
    }

    private static void Comparisons(StringBuilder text, ReportDocument document)
    {
        FamilySection family = document.Family;
        if (document.Search is { } search)
        {
            text.Append("## How they are judged\n\n").Append(Escape(SearchWords.Judged(search))).Append("\n\n");
            return;
        }

        text.Append("## Paired comparisons\n\n")
            .Append($"The primary family carries the answer: {family.Comparisons} comparisons by {Escape(Label(document, family.Metric))}, by {family.Test}, "
                + $"adjusted together by {family.Method}'s method; ")
            .Append($"a difference is called only where the adjusted p is below {family.Alpha} and its own interval leaves out zero. Every other metric is a "
                + $"secondary family, adjusted within itself: ")
            .Append("exploratory. The difference is the second minus the first; ")
            .Append("for log-likelihoods, of minus the distance from the truth level, so that positive means closer to it. ")
            .Append(family.Race is null ? "Intervals are not adjusted.\n\n"
                : "Intervals hold at all looks together; they are not adjusted for the number of comparisons.\n\n");
        if (FamilyWords.Power(family) is { } power)
            text.Append(power).Append("\n\n");
        if (document.Tuning is { } tuning)
            text.Append(Escape(TuningWords.Judged(tuning))).Append("\n\n");
        Race(text, family);
        Looks(text, family);
        if (document.Sweep.Seeds.Count == 3 && document.Comparisons.Count > 0)
            text.Append("Of three seeds one nearly always carries over half of the squared deviation: every p-value here leans on the differences being "
                + "symmetric.\n\n");
        foreach (IGrouping<string, ComparisonSection> metric in document.Comparisons.GroupBy(c => c.Metric, StringComparer.Ordinal))
        {
            bool primary = metric.First().Family is FamilySection.Primary;
            SecondaryFamily? secondary = family.Secondary.FirstOrDefault(s => string.Equals(s.Metric, metric.Key, StringComparison.Ordinal));
            text.Append($"### {Escape(Label(document, metric.Key))}{(primary ? "" : $" (exploratory, {secondary?.Comparisons} comparisons)")}\n\n");
            Comparisons(text, document, [.. metric]);
        }
    }

    private static void Race(StringBuilder text, FamilySection family)
    {
        if (RaceWords.Summary(family) is not { } words)
            return;
        text.Append(Escape(words)).Append("\n\n");
        string[] columns = ["look", "judged", "seeds", "share of the level", "called", "no winner", "within the margin", "stopped", "no test", "still open",
            "groups that went on"];
        Row(text, columns);
        Rule(text, columns.Length);
        foreach (RaceLookSection look in family.Race!.Looks)
        {
            bool judged = look.At is not null;
            int?[] counts = [look.Called, look.NoWinner, look.Equivalent, look.Undecidable, look.Untested, look.Open, look.Groups];
            Row(text,
            [
                look.Look.ToString(CultureInfo.InvariantCulture),
                look.At?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? (family.Race.Finished ? "not needed" : "not yet"),
                look.Seeds.ToString(CultureInfo.InvariantCulture), Figures.Number(look.Share),
                .. counts.Select(n => judged ? n?.ToString(CultureInfo.InvariantCulture) ?? "-" : "-"),
            ]);
        }

        text.Append('\n');
    }

    private static void Looks(StringBuilder text, FamilySection family)
    {
        if (FamilyWords.Looks(family) is not { } words)
            return;
        text.Append(Escape(words)).Append("\n\n");
        Row(text, ["look", "extended", "trials completed", "seeds", "p times"]);
        Rule(text, 5);
        foreach (LookSection look in family.Looks!)
        {
            Row(text,
            [
                look.Look.ToString(CultureInfo.InvariantCulture),
                look.At?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "now",
                $"{look.Completed} of {look.Total}", look.Seeds.ToString(CultureInfo.InvariantCulture), Figures.Number(look.Factor),
            ]);
        }

        text.Append('\n');
    }

    private static void Comparisons(StringBuilder text, ReportDocument document, ComparisonSection[] comparisons)
    {
        bool looks = document.Family.Looks is not null || document.Family.Race is not null;
        bool resplit = comparisons.Any(c => c.Resplit is not null);
        string[] columns = ["where", "first", "second", "difference [95% interval]", .. resplit ? ["for rows like these"] : Array.Empty<string>(), "seeds", "p",
            .. looks ? ["p over looks"] : Array.Empty<string>(), "adjusted p", "better"];
        Row(text, columns);
        Rule(text, columns.Length);
        foreach (ComparisonSection c in comparisons)
        {
            string where = string.Join(", ", c.Where.Where(w => Varies(document, w.Key)).Select(w => $"{w.Key} {Value(w.Value)}"));
            if (c.AveragedOver.Count > 0)
                where += $"{(where.Length > 0 ? ", " : "")}mean over {string.Join(", ", c.AveragedOver)}";
            string verdict = c.Verdict switch { "a" => c.A, "b" => c.B, _ => c.Decision == ComparisonSection.Equivalent ? "no difference" : "undecided" };
            if (c is { Decision: ComparisonSection.Called, Look: { } look })
                verdict += $", at look {look.ToString(CultureInfo.InvariantCulture)}";
            string[] marks = [.. FamilyWords.TellingMarks(c).Select(m => m.Text)];
            string[] why = [.. c.Reason is null ? [] : new[] { c.Reason }, .. marks];
            if (why.Length > 0)
                verdict += $"{(marks.Length > 0 ? " †" : "")} ({string.Join("; ", why)})";
            string difference = c.Difference.Mean is { } mean ? Figures.Interval(mean, c.Difference.CiLow, c.Difference.CiHigh) : "-";
            string wider = c.Resplit is { CiLow: { } low, CiHigh: { } high } && c.Difference.Mean is { } centre ? Figures.Interval(centre, low, high) : "-";
            Row(text,
            [
                Escape(where), Escape(c.A), Escape(c.B), difference, .. resplit ? [wider] : Array.Empty<string>(),
                c.Seeds.ToString(CultureInfo.InvariantCulture),
                Figures.P(c.PValue), .. looks ? [Figures.P(c.PSequential)] : Array.Empty<string>(), Figures.P(c.PAdjusted), Escape(verdict),
            ]);
        }

        text.Append('\n');
    }

    private static string Label(ReportDocument document, string metric) =>
        document.Metrics.FirstOrDefault(m => string.Equals(m.Name, metric, StringComparison.Ordinal))?.Label ?? metric;

    private static void Failures(StringBuilder text, ReportDocument document)
    {
        if (document.Trials.Failures.Count > 0)
        {
            text.Append("## Failures\n\n");
            Row(text, ["trial", "axes", "seed", "cause", "message"]);
            Rule(text, 5);
            foreach (FailureSection f in document.Trials.Failures)
            {
                Row(text,
                [
                    Escape(f.Trial), Escape(string.Join(", ", f.Axes.Select(a => $"{a.Key} {Value(a.Value)}"))),
                    f.Seed.ToString(CultureInfo.InvariantCulture), Escape(f.Cause), Escape(f.Message),
                ]);
            }

            text.Append('\n');
        }

        GroupSection[] noted = [.. document.Groups.Where(g => g.Notes.Count > 0)];
        if (noted.Length == 0)
            return;
        text.Append("## Notes\n\n");
        foreach (NoteKind kind in NoteKind.Of(noted))
        {
            string where = kind.Groups.Count == 1 ? string.Join(", ", kind.Groups[0].Axes.Select(a => Value(a.Value))) : $"{kind.Groups.Count} groups";
            string more = kind.Count == 1 ? "" : $" (and {kind.Count - 1} that {(kind.Count == 2 ? "differs" : "differ")} in numbers: see report.json)";
            text.Append($"- {Escape(where)}: {Escape(kind.First + more)}\n");
        }

        text.Append('\n');
    }

    private static void Metrics(StringBuilder text, ReportDocument document)
    {
        text.Append("## What the metrics mean\n\n");
        foreach (MetricInfo m in document.Metrics)
            text.Append($"- **{Escape(Title(m))}** (`{m.Name.Replace("`", "", StringComparison.Ordinal)}`): {Escape(m.Explanation)}\n");
        text.Append('\n');
    }

    /// <summary>A table per dataset and schedule; its columns are the other axes that vary, the compared one first.</summary>
    internal static IEnumerable<(string Title, string[] Columns, GroupSection[] Groups)> Places(ReportDocument document)
    {
        string compared = document.Sweep.Compare.Axis;
        string[] apart = [.. Apart.Where(a => !string.Equals(a, compared, StringComparison.Ordinal)
            && document.Sweep.Axes.Any(x => string.Equals(x.Name, a, StringComparison.Ordinal)))];
        string[] columns =
        [
            .. document.Sweep.Axes.Select(a => a.Name).Where(a => !apart.Contains(a, StringComparer.Ordinal)
                && (Varies(document, a) || string.Equals(a, compared, StringComparison.Ordinal)))
                .OrderBy(a => string.Equals(a, compared, StringComparison.Ordinal) ? 0 : 1),
        ];
        foreach (IGrouping<string, GroupSection> place in document.Groups.GroupBy(g => string.Join(", ", apart.Select(a => Value(g.Axes[a]))),
            StringComparer.Ordinal))
            yield return (place.Key.Length > 0 ? place.Key : "All", columns, [.. place]);
    }

    private static bool Varies(ReportDocument document, string axis) =>
        document.Sweep.Axes.Any(a => string.Equals(a.Name, axis, StringComparison.Ordinal) && a.Values.Count > 1);

    internal static string Title(MetricInfo metric) => metric.Unit.Length > 0 ? $"{metric.Label}, {metric.Unit}" : metric.Label;

    /// <summary>An interval within what the metric can be.</summary>
    internal static string Cell(MetricInfo info, MetricSummary? metric) =>
        metric?.Mean is { } mean ? Figures.Interval(mean, info.Shown(metric.CiLow), info.Shown(metric.CiHigh)) + Overflow(metric)
            : Escape(metric?.Reason ?? "-");

    /// <summary>A mean of several seeds whose interval is missing says why.</summary>
    private static string Overflow(MetricSummary metric) => metric is { CiLow: null, PerSeed.Count: > 1, Reason: { } reason } ? Escape($" ({reason})") : "";

    private static string TruthLevel(GroupSection[] groups, string metric)
    {
        double[] truthLevels = [.. groups.Select(g => g.Metrics.GetValueOrDefault(metric)?.TruthLevel).OfType<double>()];
        return truthLevels.Length > 0 ? Figures.Number(truthLevels.Average()) : "";
    }

    internal static string Value(JsonNode? value) =>
        value is null ? "null" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    internal static string Text(JsonNode? value) => Escape(Value(value));

    internal static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    internal static void Rule(StringBuilder text, int columns) => text.Append('|').Insert(text.Length, " --- |", columns).Append('\n');
}
