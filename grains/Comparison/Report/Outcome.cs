using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is certain between one arm and the baseline at one place, by the headline metric and early on.</summary>
/// <param name="Title">The place's name.</param>
/// <param name="Place">Its dataset and schedule.</param>
/// <param name="End">By the headline metric.</param>
/// <param name="Start">By the early read-off; null when there is none.</param>
internal sealed record Outcome(string Title, JsonObject Place, Duel End, Duel? Start)
{
    public IReadOnlyList<ComparisonSection> Better => End.Won("b");

    public IReadOnlyList<ComparisonSection> Worse => End.Won("a");

    public IReadOnlyList<ComparisonSection> Open => [.. End.Won("undecided").Where(c => c.Decision != ComparisonSection.Equivalent)];

    /// <summary>Better in some setting or on average.</summary>
    public bool Wins => Better.Count > 0 || Averaged("b");

    public bool Loses => Worse.Count > 0 || Averaged("a");

    /// <summary>Better early in every setting.</summary>
    public bool LeadsEarly => Start is { Settings.Count: > 0 } start && start.Won("b").Count == start.Settings.Count;

    /// <summary>Settings that are certainly one way early and the other at the end; <paramref name="last"/> is the winner at the end.</summary>
    public IReadOnlyList<ComparisonSection> Turned(string last)
    {
        string first = Evidence.Same(last, "a") ? "b" : "a";
        return Start is null ? [] : [.. End.Won(last).Where(e => Start.Won(first).Any(s => JsonNode.DeepEquals(s.Where, e.Where)))];
    }

    /// <summary>The early comparisons of the same settings.</summary>
    public IReadOnlyList<ComparisonSection> Before(IReadOnlyList<ComparisonSection> settings) =>
        Start is null ? [] : [.. Start.Settings.Where(s => settings.Any(e => JsonNode.DeepEquals(s.Where, e.Where)))];

    /// <summary>Whether the mean over the other axes is certain, and which way.</summary>
    public bool Averaged(string verdict) =>
        End.Axes.Count > 0 && End.Settings.Count > 1 && End.Average is { } average && Evidence.Same(average.Verdict, verdict);

    /// <summary><c>5.8 [4.6, 7.0] nats averaged over width</c> where the average is certain, else the settings that are, one by one or as a range.</summary>
    /// <param name="verdict">Whose win.</param>
    public string Size(string verdict) => Averaged(verdict) || End.Won(verdict).Count == 0
        ? $"{End.Amount([End.Average!])} averaged over {Wording.List(End.Axes.Select(a => a.Name))}"
        : $"{End.Amount(End.Won(verdict))}{End.Where(End.Won(verdict))}";

    public static Outcome Of(Evidence evidence, JsonObject place, string b) => new(
        evidence.Title(place), place, evidence.Duel(place, b, evidence.Headline.Name), evidence.Early is null ? null : evidence.Duel(place, b, evidence.Early));
}
