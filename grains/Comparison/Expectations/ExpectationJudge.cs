using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Judges expectations. In each group the 95% Student t interval over seeds of the quantity (of the paired contrast, where two sides are compared) is held
/// against the condition: supported when all of it satisfies, refuted when none does. A claim is about all its groups. It is supported when every group is: an
/// intersection-union test, which needs no adjustment. It is refuted when a group is even by its interval at 1 - 0.05 / groups (Bonferroni), as one of many
/// groups lies outside by chance. Claims are not adjusted for each other: each was named beforehand and is told whatever it comes to. Nor do they borrow
/// variances, as <see cref="PairedTest"/> does: each stands alone.
/// </summary>
internal sealed class ExpectationJudge(TrialTable table, IReadOnlyList<FailedTrial> failed, SeedLevels? levels = null)
{
    private const double Alpha = GroupJudge.Alpha;

    private readonly GroupJudge _group = new(table, failed, levels);

    public const string Method =
        "95% Student t intervals over seeds of the quantity's mean (order statistics of its median where a claim is about that), paired by seed; a claim is "
        + "supported when the whole interval satisfies it in every group, and refuted when in some group the "
        + "whole interval at 1 - 0.05 / groups violates it. Along an axis the intervals are at 1 - 0.05 / values, so that they hold together. A control "
        + "fails where the same condition is refuted in every group, or where "
        + "its difference from the claim satisfies a condition of its own; a claim that is supported while a control does not fail is empty. Claims are not "
        + "adjusted for each other: each is about one in forty likely to be supported, and to be refuted, by chance where the truth lies on its bound.";

    public ExpectationSection Judge(ExpectationSpec expectation)
    {
        ClaimReading reading = Read(expectation);
        ExpectationSection claim = Section(expectation, reading.Groups);
        if (expectation.Controls.Count == 0)
            return claim;
        ExpectationSection[] controls = [.. expectation.Controls.Zip(reading.Controls, (c, groups) => Control(expectation, c, groups))];
        ExpectationSection? holding = Array.Find(controls, c => c.Fails is false);
        return claim with
        {
            Controls = controls,
            Verdict = claim.Verdict == ExpectationVerdict.Supported && holding is not null ? ExpectationVerdict.Empty : claim.Verdict,
        };
    }

    /// <summary>The claim's groups, and those of each control: its own, or where it states a difference the claim's less its own.</summary>
    public ClaimReading Read(ExpectationSpec expectation)
    {
        List<int[]> places = [.. _group.Places(expectation)];
        List<GroupReading> groups = Read(expectation, places);
        return new ClaimReading(groups, [.. expectation.Controls.Select(control =>
        {
            List<GroupReading> there = Read(control.Of(expectation), [.. places.Select(p => _group.Exchanged(p, control))]);
            return control.ClaimMinusControl is { } difference
                ? [.. groups.Zip(there, (c, g) => _group.Less(c, g, difference, expectation.Median))] : there;
        })]);
    }

    /// <summary>
    /// The claim's condition where it must be refuted, in every group; or the claim's quantity less the control's, which must satisfy a condition of its own in
    /// every group.
    /// </summary>
    private static ExpectationSection Control(ExpectationSpec claim, ControlSpec control, List<GroupReading> groups)
    {
        ExpectationSpec same = control.Of(claim);
        if (control.ClaimMinusControl is not { } difference)
        {
            ExpectationSection section = Section(same, groups);
            return section with
            {
                Fails = claim.Along is null ? groups.Count > 0 && groups.TrueForAll(g => g.Section.Verdict == ExpectationVerdict.Refuted)
                    : section.Verdict == ExpectationVerdict.Refuted,
            };
        }

        ExpectationSection apart = Section(same with { Is = difference }, groups);
        return apart with
        {
            Is = $"claim - control {apart.Is}", Quantity = "claim - control", Compare = null, Fails = apart.Verdict == ExpectationVerdict.Supported,
        };
    }

    /// <summary>Every group at every place of its curves; along an axis at every dose, by a band that holds at all of them together.</summary>
    private List<GroupReading> Read(ExpectationSpec expectation, List<int[]> places)
    {
        if (expectation.Along is { } along)
        {
            double each = Alpha / expectation.Doses.Count, strict = each / Math.Max(1, places.Count / expectation.Doses.Count);
            return [.. Paths(expectation, places).SelectMany(path => path.Select(p => _group.Read(expectation, p, null, each, strict)))];
        }

        double?[] at = expectation.At.Count == 0 ? [null] : [.. expectation.At.Select(x => (double?)x)];
        return [.. places.SelectMany(p => at.Select(x => _group.Read(expectation, p, x, Alpha, Alpha / (places.Count * at.Length))))];
    }

    /// <summary>The places in which nothing but the axis gone along differs, each in the order of the doses.</summary>
    private IEnumerable<int[][]> Paths(ExpectationSpec expectation, List<int[]> places)
    {
        string along = expectation.Along!;
        int axis = table.AxisIndex(along);
        return places.DistinctBy(p => string.Join(',', p.Where((_, i) => i != axis)))
            .Select(p => expectation.Doses.Select(d => _group.Moved(p, along, d)).ToArray());
    }

    private static ExpectationSection Section(ExpectationSpec expectation, List<GroupReading> groups)
    {
        Condition condition = expectation.Is;
        Crossing[] crossings = expectation.Along is null ? [] : [.. groups.Chunk(expectation.Doses.Count).Select(path => Crossing.Of(path, expectation.Along))];
        string verdict = groups.Count == 0 ? ExpectationVerdict.Undecided : expectation.Along is null ? Verdict(groups) : Crossing.Verdict(crossings);
        MetricInfo metric = MetricCatalog.Info(expectation.MetricsAt(expectation.At.Count > 0 ? expectation.At[0] : null)[0]);
        return new ExpectationSection
        {
            Claim = expectation.Claim,
            Is = condition.ToString(),
            Quantity = condition.Judged,
            Relation = condition.Sign,
            Threshold = condition.Threshold,
            Absolute = condition.Absolute,
            Unit = condition.Quantity == Quantity.LogRatio ? "" : metric.Unit,
            Over = expectation.Median ? "median" : "mean",
            Metrics = expectation.Metrics,
            Compare = expectation.Axis is { } name ? new ExpectationSides(name, expectation.A!, expectation.B!)
                : expectation.Metrics.Count == 2 ? new ExpectationSides("metric", expectation.Metrics[0], expectation.Metrics[1]) : null,
            Along = expectation.Along,
            Where = new JsonObject(
                expectation.Where.Select(w => KeyValuePair.Create<string, JsonNode?>(w.Key, new JsonArray([.. w.Value.Select(v => JsonValue.Create(v))])))),
            Verdict = verdict,
            Reason = expectation.Along is null || groups.Count == 0 ? Reason(verdict, groups) : Crossing.Words(crossings),
            Registered = expectation.Registered,
            Groups = [.. groups.Select(g => g.Section)],
            Decisive = expectation.Along is null ? Decisive(verdict, groups, condition) : Crossing.Decisive(crossings, expectation.Doses.Count),
        };
    }

    private static string Verdict(List<GroupReading> groups) =>
        groups.TrueForAll(g => g.Section.Verdict == ExpectationVerdict.Supported) ? ExpectationVerdict.Supported
        : groups.Exists(g => g.Refutes) ? ExpectationVerdict.Refuted : ExpectationVerdict.Undecided;

    /// <summary>All the claims' verdicts in numbers, and how honest they are.</summary>
    public static ExpectationRules? Rules(SweepSpec spec, IReadOnlyList<ExpectationSection> expectations)
    {
        if (expectations.Count == 0 && spec.Withdrawn.Count == 0)
            return null;
        int Count(string verdict) => expectations.Count(e => e.Verdict == verdict);
        return new ExpectationRules
        {
            Method = Method + Shares(spec),
            Supported = Count(ExpectationVerdict.Supported),
            Refuted = Count(ExpectationVerdict.Refuted),
            Undecided = Count(ExpectationVerdict.Undecided),
            Empty = Count(ExpectationVerdict.Empty),
            Registration = Registration(expectations, spec.Withdrawn.Count),
            Withdrawn = [.. spec.Withdrawn.Select(w => new WithdrawnExpectation(w.Claim, w.Is.ToString(), w.Registered))],
        };
    }

    /// <summary>Where results were looked at more than once, each look has its share of the level.</summary>
    private static string Shares(SweepSpec spec)
    {
        if (spec.Race is not null)
            return " In a race every level named here, 0.05 or less, is multiplied by the share of the look that a group stopped at.";
        int look = spec.Looks.Count + 1;
        string level = (1 - (Alpha * SequentialP.UndeclaredWeight(look))).ToString("0.###%", CultureInfo.InvariantCulture);
        return look == 1 ? "" : " This sweep was extended with results already there, so every level named here, 0.05 or less, is divided by "
            + $"{look * (look + 1)}: intervals are at {level} in place of 95%.";
    }

    private static string Registration(IReadOnlyList<ExpectationSection> expectations, int withdrawn)
    {
        List<string> parts = [];
        int late = expectations.Count(e => e.Registered is { Beforehand: false });
        if (expectations.Count > 0 && expectations.All(e => e.Registered is not null))
        {
            parts.Add(late == 0 ? "All were stated before the first trial completed."
                : late == expectations.Count ? "None was stated before the first trial completed: they describe results and did not predict them."
                : late == 1 ? $"1 of {expectations.Count} was added or changed after trials had completed: it describes results and did not predict them."
                : $"{late} of {expectations.Count} were added or changed after trials had completed: they describe results and did not predict them.");
        }

        if (withdrawn > 0)
            parts.Add($"{withdrawn} that an earlier spec of this sweep stated {(withdrawn == 1 ? "was" : "were")} withdrawn or changed.");
        return string.Join(' ', parts);
    }

    private static string? Reason(string verdict, List<GroupReading> groups)
    {
        if (groups.Count < 2)
            return groups.Count == 0 ? "no group is like this" : groups[0].Section.Reason;
        int Count(string word) => groups.Count(g => g.Section.Verdict == word);
        int refuted = Count(ExpectationVerdict.Refuted), strictly = groups.Count(g => g.Refutes);
        return verdict switch
        {
            ExpectationVerdict.Supported => groups.Count == 2 ? "in both groups" : $"in all {groups.Count} groups",
            ExpectationVerdict.Refuted => $"refuted in {strictly} of {groups.Count} groups",
            _ => $"undecided in {Count(ExpectationVerdict.Undecided)} of {groups.Count} groups"
                + (refuted == 0
                    ? "" : $"; refuted in {refuted} by the interval of one group, but not by the wider one that {groups.Count} groups ask for"),
        };
    }

    private static int Decisive(string verdict, List<GroupReading> groups, Condition condition)
    {
        int decisive = 0;
        double worst = double.PositiveInfinity;
        for (int i = 0; i < groups.Count; i++)
        {
            if (verdict == ExpectationVerdict.Refuted && !groups[i].Refutes)
                continue;
            double margin = double.IsNaN(groups[i].Low) ? double.NegativeInfinity : condition.Margin(groups[i].Low, groups[i].High);
            if (margin < worst)
                (worst, decisive) = (margin, i);
        }

        return decisive;
    }
}
