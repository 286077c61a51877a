using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The answer in a few sentences, from the primary family alone: what the most important arm wins, where and by how much, and where it doesn't; which arms
/// diverged; and what was not compared, with why.
/// </summary>
internal sealed class HeadlineWriter(Evidence evidence, Coverage coverage)
{
    /// <summary>More places than these are counted instead of told one by one.</summary>
    private const int MaxPlaces = 3;

    private readonly string baseline = evidence.Arms[0];
    private readonly string metric = $"{(MetricCatalog.IsReadOff(evidence.Headline.Name) ? "" : "final ")}{MetricInfo.InSentence(evidence.Headline.Label)}";

    public string Write()
    {
        if (evidence.Arms.Length < 2)
            return $"Nothing to compare: {evidence.Spec.Compare.Axis} has one value.";
        IReadOnlyList<DivergedArm> diverged = DivergedArm.Of(evidence);
        string[] compared = [.. evidence.Arms.Skip(1).Where(b => !coverage.Arms.Contains(b, StringComparer.Ordinal))];
        List<string> sentences = [.. compared.Length > 0 ? Compared(compared) : [Nothing()]];
        if (diverged.Count > 0)
            sentences.Add(Diverged(diverged));
        if (evidence.Table.Seeds.Count > 1 && coverage.Words() is { } gaps)
            sentences.Add(gaps);
        SweepAxis axis = evidence.Spec.Axes[evidence.Table.AxisIndex(evidence.Spec.Compare.Axis)];

        // Bare numbers don't say what they are of.
        string of = axis.Values.All(v => AxisText.Number(v) is not null) ? $"By {axis.Name}: " : "";
        return of + string.Join(" ", sentences);
    }

    private string Nothing() => evidence.Table.Seeds.Count < 2 ? "With one seed no difference can be called: run at least 3 seeds."
        : coverage.Unfinished ? "No difference can be tested yet."
        : $"No difference in {metric} can be tested.";

    private List<string> Compared(string[] arms)
    {
        string main = arms[0];
        Outcome[] outcomes = [.. evidence.Places.Where(p => evidence.Compared(p, main)).Select(p => Outcome.Of(evidence, p, main))];
        Outcome[] wins = [.. outcomes.Where(o => o.Wins)], losses = [.. outcomes.Where(o => o.Loses)];
        if (wins.Length == 0 && losses.Length == 0)
            return Undecided(arms);
        List<string> sentences = [];
        if (wins.Length > 0)
            sentences.Add($"{Evidence.Name(main)} reaches a better {metric} than {Evidence.Name(baseline)} on {Told(wins, "b")}.");
        if (losses.Length > 0)
        {
            sentences.Add(wins.Length == 0
                ? $"{Evidence.Name(main)} reaches a worse {metric} than {Evidence.Name(baseline)} on {Told(losses, "a")}."
                : $"It is worse on {Told(losses, "a")}.");
        }

        string[] also = [.. arms[1..].Where(b => evidence.Places.Any(p => Outcome.Of(evidence, p, b) is { Wins: true, Loses: false }))];
        if (also.Length > 0)
        {
            IEnumerable<string> where = evidence.Places.Where(p => also.Any(b => Outcome.Of(evidence, p, b).Wins)).Select(evidence.Title);
            sentences.Add(
                $"{Evidence.ArmNames([.. also.Select(Evidence.Name)])} also {(also.Length == 1 ? "beats" : "beat")} {Evidence.Name(baseline)}, on "
                + $"{evidence.Names([.. where])}.");
        }

        return sentences;
    }

    /// <summary>Where a race has found all there is to compare to differ by no more than its margin; null where there is no such place.</summary>
    private string? Equivalent(string[] arms, JsonObject[] places) => places.Length == 0 ? null
        : $"No difference in {metric} beyond {Wording.WithUnit(Wording.Plain(evidence.Spec.Race?.Margin ?? 0), evidence.Headline.Unit)} between "
            + $"{Wording.List(arms.Prepend(baseline).Select(Evidence.Name))} on {evidence.Names([.. places.Select(evidence.Title)])}.";

    private bool IsEquivalent(JsonObject place, string arm) => evidence.Duel(place, arm, evidence.Headline.Name) is { Settings.Count: > 0 } duel
        && duel.Settings.Append(duel.Average).All(c => c?.Decision == ComparisonSection.Equivalent);

    /// <summary>Of the arms and places that were compared alone.</summary>
    private List<string> Undecided(string[] arms)
    {
        JsonObject[] compared = [.. evidence.Places.Where(p => arms.Any(b => evidence.Compared(p, b)))];
        JsonObject[] equal = [.. compared.Where(p => arms.All(b => IsEquivalent(p, b)))];
        List<string> sentences = [];
        if (Equivalent(arms, equal) is { } none)
            sentences.Add(none);
        if (equal.Length < compared.Length)
            sentences.Add(Undecided(arms, [.. compared.Except(equal)]));
        return sentences;
    }

    private string Undecided(string[] arms, JsonObject[] places)
    {
        string claim = arms.Length == 1 ? $"{Evidence.Name(arms[0])} does not differ certainly from {Evidence.Name(baseline)}"
            : coverage.Arms.Count == 0 ? $"No other arm differs certainly from {Evidence.Name(baseline)}"
            : arms.Length <= Evidence.Handful ? $"Neither {string.Join(" nor ", arms.Select(Evidence.Name))} differs certainly from {Evidence.Name(baseline)}"
            : $"None of {arms.Length} arms that were compared differs certainly from {Evidence.Name(baseline)}";
        return $"{claim} in {metric} on {evidence.Names(places)}.";
    }

    private static string Diverged(IReadOnlyList<DivergedArm> arms) => arms.Count <= Evidence.Handful
        ? $"{string.Join("; ", arms.Select(a => a.Words))}."
        : $"{arms.Count} arms diverged: not all samples are finite in {arms.Sum(a => a.Trials)} of their {arms.Sum(a => a.Planned)} trials.";

    private string Told(Outcome[] outcomes, string verdict)
    {
        if (outcomes.Length <= MaxPlaces)
        {
            bool averages = outcomes.All(o => o.Averaged(verdict));
            string over = averages ? $", averaged over {Wording.List(outcomes[0].End.Axes.Select(a => a.Name))}" : "";
            return Wording.List(outcomes.Select(o => $"{o.Title} (by {(averages ? o.End.Amount([o.End.Average!]) : o.Size(verdict))})")) + over;
        }

        double[] sizes = [.. outcomes.SelectMany(o => o.End.Won(verdict)).Select(c => Math.Abs(c.Difference.Mean ?? 0))];
        string count = evidence.Some(outcomes.Length);
        return sizes.Length == 0 ? count : $"{count} (by {Wording.WithUnit(Figures.Range(sizes.Min(), sizes.Max()), outcomes[0].End.Metric.Unit)})";
    }
}
