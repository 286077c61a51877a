using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Expectations;

namespace Sweep.Grains.Comparison.Report;

/// <summary>An expectation's outcome in words, for terminal and Markdown.</summary>
public static class ExpectationWords
{
    /// <summary>✓ supported, ✗ refuted, ? undecided, ○ empty.</summary>
    public static string Mark(string verdict) => verdict switch
    {
        ExpectationVerdict.Supported => "✓",
        ExpectationVerdict.Refuted => "✗",
        ExpectationVerdict.Empty => "○",
        _ => "?",
    };

    /// <summary><c>steps_to_threshold &lt;= 20</c>; <c>b &lt; a in energy_distance, a standardize, b gaussianize</c>.</summary>
    public static string Subject(ExpectationSection expectation)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        return expectation.Compare switch
        {
            null when expectation.Fails is not null && expectation.Quantity is not "x" => $"{expectation.Is} in {string.Join(" to ", expectation.Metrics)}",
            null => expectation.Is.StartsWith('|') ? $"{expectation.Metrics[0]}: {expectation.Is}" : $"{expectation.Metrics[0]} {expectation.Is}",
            { Axis: "metric" } sides => $"{expectation.Is}, a {sides.A}, b {sides.B}",
            { } sides => $"{expectation.Is} in {expectation.Metrics[0]}, a {sides.A}, b {sides.B}",
        };
    }

    /// <summary>
    /// The decisive group's quantity with its range, and why there is none: <c>b - a = -0.021 [-0.03, -0.012]</c>, <c>at least 101 (never in 5 of 5 seeds)</c>.
    /// </summary>
    public static string Estimate(ExpectationSection expectation, ExpectationGroupSection group)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(group);
        // The ends of a median's interval are single seeds, which may lie orders of magnitude apart: each has digits of its own.
        string? range = group is { Mean: { } median, Low: { } low, High: { } high } && expectation.Over is "median" && high > low
            ? $"{Figures.Number(median)} [{Figures.Number(low)}, {Figures.Number(high)}]"
            : group.Mean is { } mean ? Figures.Interval(mean, group.Low, group.High) : group.Unbounded switch
        {
            "above" => $"at least {Figures.Number(group.Low!.Value)}",
            "below" => $"at most {Figures.Number(group.High!.Value)}",
            "both" => "anything",
            _ => null,
        };
        if (range is null)
            return group.Reason ?? "no value";
        string quantity = expectation.Quantity is "x" ? "" : group.Mean is null ? $"{expectation.Quantity} " : $"{expectation.Quantity} = ";
        string over = expectation.Over is "median" ? "median " : "", reason = group.Reason is null ? "" : $" ({group.Reason})";
        return $"{over}{quantity}{Wording.WithUnit(range, expectation.Unit)}{reason}";
    }

    /// <summary>Where a group is, by the axes in which the claim's groups differ: <c>ica4, width 16</c>; empty for a claim of one group.</summary>
    public static string Place(ExpectationSection expectation, ExpectationGroupSection group)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(group);
        return string.Join(", ",
            group.Axes.Where(a => expectation.Groups.Any(g => !JsonNode.DeepEquals(g.Axes[a.Key], a.Value))).Select(a => Named(a.Key, a.Value)));
    }

    /// <summary>The decisive group in a sentence's worth: <c>0.3 [0.1, 0.5] nats; in all 4 groups, least certain at width 8</c>.</summary>
    public static string Outcome(ExpectationSection expectation)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        if (expectation.Groups.Count == 0)
            return expectation.Reason ?? "";
        ExpectationGroupSection decisive = expectation.Groups[expectation.Decisive];
        string place = Place(expectation, decisive);
        if (expectation.Along is not null)
            return $"{expectation.Reason}; {Estimate(expectation, decisive)} at {place}";
        // In a race groups have different numbers of seeds.
        string seeds = expectation.Groups.All(g => g.PerSeed.Count == decisive.PerSeed.Count) ? ""
            : string.Create(CultureInfo.InvariantCulture, $", over {decisive.PerSeed.Count} seeds");
        string estimate = Estimate(expectation, decisive) + (place.Length > 0 ? $" at {place}" : "") + seeds;
        return expectation.Groups.Count == 1 ? estimate
            : $"{expectation.Reason}; "
                + $"{(expectation.Verdict is ExpectationVerdict.Supported or ExpectationVerdict.Empty ? "least certain" : "most contrary")}: {estimate}";
    }

    /// <summary>A control beside its claim: <c>control preprocessing standardize fails: 0.9 [0.8, 1]</c>.</summary>
    public static string Control(ExpectationSection control)
    {
        ArgumentNullException.ThrowIfNull(control);
        string held = control.Quantity is "claim - control" ? $"{control.Is}: " : "";
        return $"control {control.Claim} {(control.Fails is true ? "fails" : "does not fail")}: {held}{Outcome(control)}";
    }

    /// <summary><c>2 supported, 1 refuted, 0 undecided</c>, and how many are empty where some are.</summary>
    public static string Counts(ExpectationRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return string.Create(CultureInfo.InvariantCulture,
            $"{rules.Supported} supported, {rules.Refuted} refuted, {rules.Undecided} "
                + $"undecided{(rules.Empty > 0 ? $", {rules.Empty} empty (a control does not fail)" : "")}");
    }

    /// <summary>Over how many seeds they are judged: <c>3 seeds</c>, <c>5 to 20 seeds, as many as the race gave each group</c>.</summary>
    public static string Seeds(ReportDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        int[] seeds = [.. document.Expectations.SelectMany(e => (e.Controls ?? []).Prepend(e)).SelectMany(e => e.Groups).Select(g => g.PerSeed.Count)];
        (int least, int most) = seeds.Length > 0 ? (seeds.Min(), seeds.Max()) : (document.Sweep.Seeds.Count, document.Sweep.Seeds.Count);
        string count = least == most ? most.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return $"{count} {(most == 1 ? "seed" : "seeds")}{(document.Family.Race is null ? "" : ", as many as the race gave each group")}";
    }

    private static string Named(string axis, JsonNode? value) =>
        value?.GetValueKind() == System.Text.Json.JsonValueKind.String && axis is "dataset" or "preprocessing" or "schedule"
            ? AxisText.Of(value) : $"{axis} {AxisText.Of(value)}";
}
