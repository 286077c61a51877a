namespace Sweep.Grains.Comparison.Report;

/// <summary>The answer in one or two sentences: what the most important arm wins, where and by how much, and where it doesn't.</summary>
internal sealed class HeadlineWriter(Evidence evidence)
{
    /// <summary>More places than these are counted instead of told one by one.</summary>
    private const int MostPlaces = 3;

    private readonly string baseline = evidence.Arms[0];
    private readonly string metric = $"{(MetricCatalog.IsReadOff(evidence.Headline.Name) ? "" : "final ")}{Wording.InSentence(evidence.Headline.Label)}";

    public string Write()
    {
        if (evidence.Arms.Length < 2)
            return $"Nothing to compare: {evidence.Spec.Compare.Axis} has one value.";
        if (evidence.Comparisons.All(c => c.PValue is null))
            return evidence.Table.Seeds.Count < 2 ? "With one seed no difference can be called: run at least 3 seeds." : "No difference can be tested yet.";
        string main = evidence.Arms[1];
        Outcome[] outcomes = [.. evidence.Places.Select(p => Outcome.Of(evidence, p, main))];
        Outcome[] wins = [.. outcomes.Where(o => o.Wins)], losses = [.. outcomes.Where(o => o.Loses)];
        if (wins.Length == 0 && losses.Length == 0)
            return Undecided(main, outcomes);
        List<string> sentences = [];
        if (wins.Length > 0)
            sentences.Add($"{Evidence.Name(main)} reaches a better {metric} than {Evidence.Name(baseline)} on {Told(wins, "b")}.");
        if (losses.Length > 0)
        {
            sentences.Add(wins.Length == 0
                ? $"{Evidence.Name(main)} reaches a worse {metric} than {Evidence.Name(baseline)} on {Told(losses, "a")}{Lead(losses)}."
                : $"It is worse on {Told(losses, "a")}{Lead(losses)}.");
        }

        string[] also = [.. evidence.Arms[2..].Where(b => evidence.Places.Any(p => Outcome.Of(evidence, p, b) is { Wins: true, Loses: false }))];
        if (also.Length > 0)
        {
            IEnumerable<string> where = evidence.Places.Where(p => also.Any(b => Outcome.Of(evidence, p, b).Wins)).Select(evidence.Title);
            sentences.Add($"{Wording.List(also.Select(Evidence.Name))} also {(also.Length == 1 ? "beats" : "beat")} {Evidence.Name(baseline)}, on {Wording.List(where)}.");
        }

        return string.Join(" ", sentences);
    }

    private string Undecided(string main, Outcome[] outcomes)
    {
        string claim = evidence.Arms.Length == 2 ? $"{Evidence.Name(main)} does not differ certainly from {Evidence.Name(baseline)}" : $"No other arm differs certainly from {Evidence.Name(baseline)}";
        Outcome[] early = [.. outcomes.Where(o => o.LeadsEarly)];
        string lead = early.Length == 0 ? ""
            : $" Early, at step {evidence.EarlyStep}, {Evidence.Name(main)} is better on {Wording.List(early.Select(o => $"{o.Title} (by {o.Start!.Amount(o.Start.Settings)})"))}.";
        return $"{claim} in {metric} on {Wording.List(outcomes.Select(o => o.Title))}.{lead}";
    }

    private string Told(Outcome[] outcomes, string verdict)
    {
        if (outcomes.Length <= MostPlaces)
        {
            bool averages = outcomes.All(o => o.Averaged(verdict));
            string over = averages ? $", averaged over {Wording.List(outcomes[0].End.Axes.Select(a => a.Name))}" : "";
            return Wording.List(outcomes.Select(o => $"{o.Title} (by {(averages ? o.End.Amount([o.End.Average!]) : o.Size(verdict))})")) + over;
        }

        double[] sizes = [.. outcomes.SelectMany(o => o.End.Won(verdict)).Select(c => Math.Abs(c.Difference.Mean ?? 0))];
        string count = evidence.Some(outcomes.Length);
        return sizes.Length == 0 ? count : $"{count} (by {Wording.WithUnit(Figures.Range(sizes.Min(), sizes.Max()), outcomes[0].End.Metric.Unit)})";
    }

    private string Lead(Outcome[] losses)
    {
        Outcome[] leads = [.. losses.Where(o => o.LeadsEarly)];
        return leads.Length == 0 ? "" : $", though better early there (by {Range(leads)} at step {evidence.EarlyStep})";
    }

    private static string Range(Outcome[] leads)
    {
        double[] sizes = [.. leads.SelectMany(o => o.Start!.Settings).Select(c => Math.Abs(c.Difference.Mean ?? 0))];
        return Wording.WithUnit(Figures.Range(sizes.Min(), sizes.Max()), leads[0].Start!.Metric.Unit);
    }
}
