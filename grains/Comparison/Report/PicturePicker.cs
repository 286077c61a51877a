using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The panels of the opening picture: the claim where it is largest, and its limit.</summary>
internal sealed class PicturePicker(Evidence evidence)
{
    /// <summary>One panel, or two where the same arm both wins and loses.</summary>
    public IReadOnlyList<PictureChoice> Pick()
    {
        ComparisonSection[] full =
        [
            .. evidence.Comparisons.Where(c => c.AveragedOver.Count == 0 && Same(c.Metric, evidence.Headline.Name) && c.Difference.Mean is not null),
        ];
        ComparisonSection[] certain = [.. full.Where(c => !Same(c.Verdict, "undecided"))];
        string? main = evidence.Arms.Length > 1 ? evidence.Arms[1] : null;
        ComparisonSection? win = Largest(certain.Where(c => Same(c.B, main ?? "") && Same(c.Verdict, "b"))),
            loss = Largest(certain.Where(c => Same(c.B, main ?? "") && Same(c.Verdict, "a")));
        if (win is not null && loss is not null)
        {
            return
            [
                Choice(win.Where, $"the largest certain gain of {win.B} over {win.A} {evidence.Moment}"),
                Choice(loss.Where, $"the limit of that, its largest certain loss {evidence.Moment}"),
            ];
        }

        if (Largest(certain) is { } one)
            return [Choice(one.Where, $"the largest certain difference {evidence.Moment}: {one.B} against {one.A}")];
        return Largest(full) is { } open
            ? [Choice(open.Where, $"no difference {evidence.Moment} is certain; this is the largest: {open.B} against {open.A}")]
            : [Choice(evidence.Groups[0].Axes, evidence.Spec.Search is null ? "the first group" : "the best setting of each arm")];
    }

    private PictureChoice Choice(JsonObject where, string reason)
    {
        JsonNode? Value(string axis) => (where[axis] ?? evidence.Groups[0].Axes[axis])?.DeepClone();
        return new PictureChoice(Value("dataset"), Value("width"), reason);
    }

    private static ComparisonSection? Largest(IEnumerable<ComparisonSection> comparisons) => comparisons.MaxBy(c => Math.Abs(c.Difference.Mean!.Value));

    private static bool Same(string a, string b) => Evidence.Same(a, b);
}
