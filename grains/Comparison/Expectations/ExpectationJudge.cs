using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Judges expectations. In each group the 95% Student t interval over seeds of the quantity (of the paired contrast, where two sides are compared) is held against the
/// condition: supported when all of it satisfies, refuted when none does. A claim is about all its groups. It is supported when every group is: an intersection-union test, which
/// needs no adjustment. It is refuted when a group is even by its interval at 1 - 0.05 / groups (Bonferroni), as one of many groups lies outside by chance.
/// Claims are not adjusted for each other: each was named beforehand and is told whatever it comes to. Nor do they borrow variances, as <see cref="PairedTest"/> does: each stands alone.
/// </summary>
internal sealed class ExpectationJudge(TrialTable table, IReadOnlyList<FailedTrial> failed)
{
    private const double Alpha = 0.05;

    private readonly Dictionary<(string Group, long Seed), string> _causes = failed.DistinctBy(f => (f.Trial.Group, f.Trial.Seed)).ToDictionary(f => (f.Trial.Group, f.Trial.Seed), f => f.Cause);

    public const string Method =
        "95% Student t intervals over seeds of the quantity's mean (order statistics of its median where a claim is about that), paired by seed; a claim is supported when the whole interval satisfies it in every group, and refuted when in some group the "
        + "whole interval at 1 - 0.05 / groups violates it. Claims are not adjusted for each other: each is about one in forty likely to be supported, and to be refuted, by chance where the truth lies on its bound.";

    public ExpectationSection Judge(ExpectationSpec expectation)
    {
        Condition condition = expectation.Is;
        int compared = expectation.Axis is { } axis ? table.AxisIndex(axis) : -1;
        List<int[]> places = [.. Places(expectation, compared)];
        List<(ExpectationGroupSection Section, double Low, double High, bool Refutes)> groups = [.. places.Select(p => Group(expectation, p, compared, places.Count))];
        bool supported = groups.TrueForAll(g => g.Section.Verdict == ExpectationVerdict.Supported), refuted = groups.Exists(g => g.Refutes);
        string verdict = groups.Count == 0 ? ExpectationVerdict.Undecided : supported ? ExpectationVerdict.Supported : refuted ? ExpectationVerdict.Refuted : ExpectationVerdict.Undecided;
        MetricInfo metric = MetricCatalog.Info(expectation.Metrics[0]);
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
            Where = new JsonObject(expectation.Where.Select(w => KeyValuePair.Create<string, JsonNode?>(w.Key, new JsonArray([.. w.Value.Select(v => JsonValue.Create(v))])))),
            Verdict = verdict,
            Reason = Reason(verdict, groups),
            Registered = expectation.Registered,
            Groups = [.. groups.Select(g => g.Section)],
            Decisive = Decisive(verdict, groups, condition),
        };
    }

    /// <summary>All the claims' verdicts in numbers, and how honest they are.</summary>
    public static ExpectationRules? Rules(SweepSpec spec, IReadOnlyList<ExpectationSection> expectations)
    {
        if (expectations.Count == 0 && spec.Withdrawn.Count == 0)
            return null;
        int Count(string verdict) => expectations.Count(e => e.Verdict == verdict);
        return new ExpectationRules
        {
            Method = Method,
            Supported = Count(ExpectationVerdict.Supported),
            Refuted = Count(ExpectationVerdict.Refuted),
            Undecided = Count(ExpectationVerdict.Undecided),
            Registration = Registration(expectations, spec.Withdrawn.Count),
            Withdrawn = [.. spec.Withdrawn.Select(w => new WithdrawnExpectation(w.Claim, w.Is.ToString(), w.Registered))],
        };
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

    private (ExpectationGroupSection Section, double Low, double High, bool Refutes) Group(ExpectationSpec expectation, int[] place, int compared, int groups)
    {
        Condition condition = expectation.Is;
        int[] other = [.. place];
        if (compared >= 0)
            other[compared] = IndexOf(compared, expectation.B!);
        List<double> values = [], least = [], sideA = [], sideB = [];
        List<double?> perSeed = [];
        List<string> problems = [];
        int never = 0;
        foreach (long seed in table.Seeds)
        {
            CompletedTrial? one = Trial(place, seed, problems), two = compared >= 0 ? Trial(other, seed, problems) : one;
            double? value = null;
            if (one is not null && two is not null)
            {
                // x is b without an a.
                SeedReading a = SeedReading.Of(one, expectation.Metrics[0], seed), b = SeedReading.Of(two, expectation.Metrics[^1], seed);
                (double x, string? wrong) = condition.Of(a.Value, b.Value);
                (double bound, _) = condition.Of(a.Least, b.Least);
                if ((a.Problem ?? b.Problem ?? (wrong is null ? null : $"{wrong} (seed {seed})")) is { } problem)
                {
                    problems.Add(problem);
                }
                else
                {
                    values.Add(x);
                    least.Add(bound);
                    sideA.Add(a.Value);
                    sideB.Add(b.Value);
                    never += double.IsFinite(x) ? 0 : 1;
                    value = double.IsFinite(x) ? x : null;
                }
            }

            perSeed.Add(value);
        }

        if (problems.Count == 0 && table.Seeds.Count < 2)
            problems.Add("one seed gives no interval");
        (double low, double high, double? mean, string verdict, bool refutes) = (double.NaN, double.NaN, null as double?, ExpectationVerdict.Undecided, false);
        if (problems.Count == 0)
        {
            double[] x = [.. values], bounds = [.. least];
            SeedRange Range(double alpha) => expectation.Median ? SeedRange.OfMedian(x, alpha) : SeedRange.Of(x, bounds, alpha);
            (mean, low, high) = Range(Alpha);

            // Student's t knows no least number of steps.
            if (condition.Quantity == Quantity.Value && never > 0)
                low = Math.Max(low, 0);
            verdict = condition.HoldsThroughout(low, high) ? ExpectationVerdict.Supported : condition.FailsThroughout(low, high) ? ExpectationVerdict.Refuted : ExpectationVerdict.Undecided;
            SeedRange wider = Range(Alpha / groups);
            refutes = condition.FailsThroughout(wider.Low, wider.High);
            if (never > 0)
                problems.Add($"never in {never} of {values.Count} seeds");
        }

        return (new ExpectationGroupSection
        {
            Axes = Axes(place, compared),
            Verdict = verdict,
            Mean = mean,
            Low = double.IsFinite(low) ? low : null,
            High = double.IsFinite(high) ? high : null,
            Unbounded = (double.IsNegativeInfinity(low), double.IsPositiveInfinity(high)) switch { (true, true) => "both", (true, _) => "below", (_, true) => "above", _ => null },
            Seeds = values.Count,
            PerSeed = perSeed,
            A = condition.IsPair ? Mean(sideA) : null,
            B = condition.IsPair ? Mean(sideB) : null,
            Reason = problems.Count == 0 ? null : string.Join("; ", problems.Distinct(StringComparer.Ordinal)),
        }, low, high, refutes);
    }

    private CompletedTrial? Trial(int[] place, long seed, List<string> problems)
    {
        if (table.At(place)?.BySeed.GetValueOrDefault(seed) is { } trial)
            return trial;
        JsonObject axes = Axes(place, -1);
        string cause = _causes.GetValueOrDefault((TrialIdentity.Group(axes), seed), "not completed");
        problems.Add(string.Create(CultureInfo.InvariantCulture, $"no result for seed {seed}: {cause}"));
        return null;
    }

    /// <summary>The places of the groups, in the sweep's order; the compared axis stands at a.</summary>
    private IEnumerable<int[]> Places(ExpectationSpec expectation, int compared)
    {
        int[][] allowed =
        [
            .. table.Axes.Select((axis, i) => i == compared
                ? [IndexOf(i, expectation.A!)]
                : Enumerable.Range(0, axis.Values.Count).Where(v => expectation.Covers(axis.Name, AxisText.Of(axis.Values[v]))).ToArray()),
        ];
        if (Array.Exists(allowed, a => a.Length == 0))
            yield break;
        int[] at = new int[allowed.Length];
        while (true)
        {
            yield return [.. at.Select((v, i) => allowed[i][v])];
            int axis = at.Length - 1;
            while (axis >= 0 && ++at[axis] == allowed[axis].Length)
                at[axis--] = 0;
            if (axis < 0)
                yield break;
        }
    }

    private int IndexOf(int axis, string label)
    {
        for (int i = 0; i < table.Axes[axis].Values.Count; i++)
        {
            if (string.Equals(AxisText.Of(table.Axes[axis].Values[i]), label, StringComparison.Ordinal))
                return i;
        }

        throw new ArgumentException(
            $"an expectation compares {table.Axes[axis].Name} {label}; allowed: {string.Join(", ", table.Axes[axis].Values.Select(AxisText.Of))}", nameof(label));
    }

    private JsonObject Axes(int[] place, int without)
    {
        JsonObject axes = [];
        for (int i = 0; i < place.Length; i++)
        {
            if (i != without)
                axes[table.Axes[i].Name] = table.Axes[i].Values[place[i]].DeepClone();
        }

        return axes;
    }

    private static double? Mean(List<double> values) => values.Count > 0 && values.TrueForAll(double.IsFinite) ? MeanInterval.MeanOf([.. values]) : null;

    private static string? Reason(string verdict, List<(ExpectationGroupSection Section, double Low, double High, bool Refutes)> groups)
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
                + (refuted == 0 ? "" : $"; refuted in {refuted} at 95%, but not at the {(1 - Alpha / groups.Count).ToString("0.##%", CultureInfo.InvariantCulture)} that {groups.Count} groups ask for"),
        };
    }

    private static int Decisive(string verdict, List<(ExpectationGroupSection Section, double Low, double High, bool Refutes)> groups, Condition condition)
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
