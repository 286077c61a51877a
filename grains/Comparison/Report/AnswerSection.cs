namespace Sweep.Grains.Comparison.Report;

/// <summary>The words the report opens with, made from its numbers by rules.</summary>
/// <param name="Headline">One or two sentences: what wins where, by how much, and where it doesn't.</param>
/// <param name="Sentences">Every finding: what is certain, what is undecided, and what a reader should know before believing either.</param>
/// <param name="Picture">The first panel of the opening picture; null when nothing has completed.</param>
public sealed record AnswerSection(string Headline, IReadOnlyList<string> Sentences, PictureChoice? Picture)
{
    /// <summary>The few that matter most, one sentence each, the most important first.</summary>
    public IReadOnlyList<string> KeyFindings { get; init; } = [];

    /// <summary><see cref="Sentences"/> by dataset.</summary>
    public IReadOnlyList<FindingGroup> Findings { get; init; } = [];

    /// <summary>The panels of the opening picture: <see cref="Picture"/>, then the limit where there is one.</summary>
    public IReadOnlyList<PictureChoice> Pictures { get; init; } = [];

    /// <summary>Of each data set the setting with the best mean of the compared metric, and what can't be told apart from it.</summary>
    public IReadOnlyList<BestSetting> Best { get; init; } = [];
}
