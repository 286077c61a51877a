using Sweep.Grains.Comparison.Report;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Where a condition begins to hold along an axis, from the verdicts at its values: these come from intervals that hold together, so between the last value at
/// which it certainly fails and the first later one at which it certainly holds there is a change with 95% confidence.
/// </summary>
/// <param name="Begins">From failing to holding, and nowhere back.</param>
/// <param name="Denied">That it begins to hold is certainly wrong: it holds, or fails, at every value, or ceases to hold.</param>
/// <param name="Last">The index of the last value before it begins; -1 where it doesn't.</param>
/// <param name="First">The index of the first value after.</param>
/// <param name="Seen">What is seen.</param>
internal sealed record Crossing(bool Begins, bool Denied, int Last, int First, string Seen)
{
    public static Crossing Of(IReadOnlyList<GroupReading> path, string axis) =>
        Of([.. path.Select(g => g.Section.Verdict)], i => AxisText.Of(path[i].Section.Axes[axis]!));

    /// <param name="verdicts">Along the axis.</param>
    /// <param name="label">Of a value, by its place.</param>
    public static Crossing Of(string[] verdicts, Func<int, string> label)
    {
        int last = -1, first = -1;
        for (int i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] == ExpectationVerdict.Refuted)
            {
                int back = Array.LastIndexOf(verdicts, ExpectationVerdict.Supported, i);
                if (back >= 0)
                    return new Crossing(false, true, -1, -1, $"holds at {label(back)} and fails at {label(i)}");
                last = i;
            }
            else if (verdicts[i] == ExpectationVerdict.Supported && last >= 0 && first < 0)
            {
                first = i;
            }
        }

        if (first >= 0)
            return new Crossing(true, false, last, first, $"begins to hold between {label(last)} and {label(first)}");
        string[] kinds = [.. verdicts.Distinct(StringComparer.Ordinal)];
        string seen = string.Join(", ", new[] { ExpectationVerdict.Supported, ExpectationVerdict.Refuted, ExpectationVerdict.Undecided }
            .Select(v => (v, Count: verdicts.Count(x => x == v))).Where(c => c.Count > 0)
            .Select(c =>
                $"{(c.v == ExpectationVerdict.Supported ? "holds" : c.v == ExpectationVerdict.Refuted ? "fails" : "is undecided")} at {c.Count} of "
                    + $"{verdicts.Length} values"));
        return new Crossing(false, kinds is [ExpectationVerdict.Supported or ExpectationVerdict.Refuted], -1, -1, seen);
    }

    /// <summary>Of all paths together: supported where each begins to hold, refuted where one certainly doesn't.</summary>
    public static string Verdict(IReadOnlyList<Crossing> crossings) =>
        crossings.All(c => c.Begins) ? ExpectationVerdict.Supported : crossings.Any(c => c.Denied) ? ExpectationVerdict.Refuted : ExpectationVerdict.Undecided;

    /// <summary>What is seen on every path, each once.</summary>
    public static string Words(IReadOnlyList<Crossing> crossings) => string.Join("; ", crossings.Select(c => c.Seen).Distinct(StringComparer.Ordinal));

    /// <summary>The group to show: where a path that decides begins to hold, else the last of the most contrary path.</summary>
    public static int Decisive(IReadOnlyList<Crossing> crossings, int doses)
    {
        int path = Math.Max(0, crossings.ToList().FindIndex(c => c.Denied) is >= 0 and var denied ? denied : crossings.ToList().FindIndex(c => !c.Begins));
        return crossings.Count == 0 ? 0 : (path * doses) + (crossings[path].Begins ? crossings[path].First : doses - 1);
    }
}
