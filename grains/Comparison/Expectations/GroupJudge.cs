using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>Reads an expectation's quantity in one group, over seeds, and holds it against the condition.</summary>
internal sealed class GroupJudge(TrialTable table, IReadOnlyList<FailedTrial> failed, SeedLevels? levels = null)
{
    public const double Alpha = 0.05;

    /// <summary>What a group's place on a curve is called among its axes.</summary>
    public const string AtAxis = "at";

    private readonly Dictionary<(string Group, long Seed), string> _causes = failed.DistinctBy(f => (f.Trial.Group, f.Trial.Seed))
        .ToDictionary(f => (f.Trial.Group, f.Trial.Seed), f => f.Cause);

    /// <summary>One group, at one place of the curves where there are such.</summary>
    /// <param name="expectation">What is judged.</param>
    /// <param name="place">Of the group on every axis; on a compared axis a's.</param>
    /// <param name="at">Where curves are read; null for metrics.</param>
    /// <param name="alpha">Of the interval that is shown and judged.</param>
    /// <param name="strict">Of the wider one that refutes the whole claim.</param>
    public GroupReading Read(ExpectationSpec expectation, int[] place, double? at, double alpha, double strict)
    {
        Condition condition = expectation.Is;
        int compared = expectation.Axis is { } axis ? table.AxisIndex(axis) : -1;
        IReadOnlyList<string> metrics = expectation.MetricsAt(at);
        int[] other = [.. place];
        if (compared >= 0)
            other[compared] = IndexOf(compared, expectation.B!);
        List<double> values = [], least = [], sideA = [], sideB = [];
        List<double?> perSeed = [];
        List<string> problems = [];
        int reached = levels is null ? table.Seeds.Count : Math.Min(levels.Reached(place), levels.Reached(other));
        foreach (long seed in table.Seeds.Take(reached))
        {
            CompletedTrial? one = Trial(place, seed, problems), two = compared >= 0 ? Trial(other, seed, problems) : one;
            double? value = null;
            if (one is not null && two is not null)
            {
                // x is b without an a.
                SeedReading a = SeedReading.Of(one, metrics[0], seed), b = SeedReading.Of(two, metrics[^1], seed);
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
                    value = double.IsFinite(x) ? x : null;
                }
            }

            perSeed.Add(value);
        }

        GroupReading read = Judge(condition, expectation.Median, Axes(place, compared, at), problems, values, least, perSeed, alpha, strict);
        return condition.IsPair ? read with { Section = read.Section with { A = Mean(sideA), B = Mean(sideB) } } : read;
    }

    /// <summary>A group's quantities less those of another, seed by seed, against a condition of their own.</summary>
    public GroupReading Less(GroupReading claim, GroupReading control, Condition condition, bool median)
    {
        List<double> values = [];
        List<double?> perSeed = [];
        List<string> problems = [];
        for (int i = 0; i < Math.Min(claim.Section.PerSeed.Count, control.Section.PerSeed.Count); i++)
        {
            double? value = claim.Section.PerSeed[i] - control.Section.PerSeed[i];
            perSeed.Add(value);
            if (value is { } x)
                values.Add(x);
            else
                problems.Add((claim.Section.PerSeed[i] is null ? claim : control).Section.Reason is { } reason ? reason
                    : $"no value for seed {table.Seeds[i]}");
        }

        return Judge(condition, median, control.Section.Axes, problems, values, values, perSeed, Alpha, Alpha);
    }

    private GroupReading Judge(
        Condition condition, bool median, JsonObject axes, List<string> problems, List<double> values, List<double> least, List<double?> perSeed, double alpha,
            double strict)
    {
        int never = values.Count(v => !double.IsFinite(v));

        // The interval of the look that a group stopped at, at the look's share of the level, holds whatever stopped it.
        double share = levels?.Share(perSeed.Count) ?? 1;
        (alpha, strict) = (alpha * share, strict * share);
        if (problems.Count == 0 && table.Seeds.Count < 2)
            problems.Add("one seed gives no interval");
        (double low, double high, double? mean, string verdict, bool refutes) = (double.NaN, double.NaN, null as double?, ExpectationVerdict.Undecided, false);
        SeedRange shown = default;
        Func<bool, double>? leastLevel = null;
        if (problems.Count == 0)
        {
            double[] x = [.. values], bounds = [.. least];
            SeedRange Range(double level) => median ? SeedRange.OfMedian(x, level) : SeedRange.Of(x, bounds, level);

            // Student's t knows no least number of steps.
            double Least(double bound) => condition.Quantity == Quantity.Value && never > 0 ? Math.Max(bound, 0) : bound;
            leastLevel = holds =>
            {
                Func<double, double, bool> decides =
                    holds ? (from, to) => condition.HoldsThroughout(Least(from), to) : (from, to) => condition.FailsThroughout(Least(from), to);
                return Math.Min(1, (median ? SeedRange.LeastLevelOfMedian(x, decides) : SeedRange.LeastLevel(x, bounds, decides)) / share);
            };
            (mean, low, high) = Range(alpha);
            low = Least(low);
            verdict = condition.HoldsThroughout(low, high) ? ExpectationVerdict.Supported : condition.FailsThroughout(low, high) ? ExpectationVerdict.Refuted
                : ExpectationVerdict.Undecided;
            // Never is beyond all numbers: where even the median's nearer end is, what can be told is the least that it can be.
            if (double.IsPositiveInfinity(low) || double.IsNegativeInfinity(high))
                shown = SeedRange.OfMedian(bounds, alpha);
            SeedRange wider = Range(strict);
            refutes = condition.FailsThroughout(wider.Low, wider.High);
            if (never > 0)
                problems.Add($"never in {never} of {values.Count} seeds");
        }

        return new GroupReading(new ExpectationGroupSection
        {
            Axes = axes,
            Verdict = verdict,
            Mean = mean,
            Low = double.IsFinite(low) ? low : double.IsPositiveInfinity(low) ? shown.Low : null,
            High = double.IsFinite(high) ? high : double.IsNegativeInfinity(high) ? shown.High : null,
            Unbounded = (double.IsNegativeInfinity(low), double.IsPositiveInfinity(high)) switch {
                (true, true) => "both", (true, _) => "below", (_, true) => "above", _ => null },
            Seeds = values.Count,
            PerSeed = perSeed,
            A = null,
            B = null,
            Reason = problems.Count == 0 ? null : string.Join("; ", problems.Distinct(StringComparer.Ordinal)),
        }, low, high, refutes) { LeastLevel = leastLevel };
    }

    private CompletedTrial? Trial(int[] place, long seed, List<string> problems)
    {
        if (table.At(place)?.BySeed.GetValueOrDefault(seed) is { } trial)
            return trial;
        JsonObject axes = Axes(place, -1, null);
        string cause = _causes.GetValueOrDefault((TrialIdentity.Group(axes), seed), "not completed");
        problems.Add(string.Create(CultureInfo.InvariantCulture, $"no result for seed {seed}: {cause}"));
        return null;
    }

    /// <summary>The places of the groups, in the sweep's order; the compared axis stands at a.</summary>
    public IEnumerable<int[]> Places(ExpectationSpec expectation)
    {
        int compared = expectation.Axis is { } name ? table.AxisIndex(name) : -1;
        int[][] allowed =
        [
            .. table.Axes.Select((axis, i) => i == compared
                ? [IndexOf(i, expectation.A!)]
                : Enumerable.Range(0, axis.Values.Count).Where(v => expectation.Covers(axis.Name, AxisText.Of(axis.Values[v]))).ToArray()),
        ];
        return table.Places.Within(allowed);
    }

    private int IndexOf(int axis, string label)
    {
        for (int i = 0; i < table.Axes[axis].Values.Count; i++)
        {
            if (string.Equals(AxisText.Of(table.Axes[axis].Values[i]), label, StringComparison.Ordinal))
                return i;
        }

        throw new ArgumentException(
            $"an expectation compares {table.Axes[axis].Name} {label}; allowed: {string.Join(", ", table.Axes[axis].Values.Select(AxisText.Of))}",
                nameof(label));
    }

    /// <summary>The place of a control's group: the claim's, but for what the control exchanges.</summary>
    public int[] Exchanged(int[] place, ControlSpec control)
    {
        int[] other = [.. place];
        foreach ((string axis, string label) in control.Where)
            other[table.AxisIndex(axis)] = IndexOf(table.AxisIndex(axis), label);
        return other;
    }

    /// <summary>The place with another value of an axis.</summary>
    public int[] Moved(int[] place, string axis, string label)
    {
        int[] other = [.. place];
        other[table.AxisIndex(axis)] = IndexOf(table.AxisIndex(axis), label);
        return other;
    }

    private JsonObject Axes(int[] place, int without, double? at)
    {
        JsonObject axes = [];
        for (int i = 0; i < place.Length; i++)
        {
            if (i != without)
                axes[table.Axes[i].Name] = table.Axes[i].Values[place[i]].DeepClone();
        }

        if (at is { } x)
            axes[AtAxis] = x;
        return axes;
    }

    private static double? Mean(List<double> values) => values.Count > 0 && values.TrueForAll(double.IsFinite) ? MeanInterval.MeanOf([.. values]) : null;
}
