namespace Sweep.Grains.Comparison.Report;

/// <summary>The words the report opens with, made from its numbers by rules.</summary>
/// <param name="Headline">One sentence.</param>
/// <param name="Sentences">What is certain, what is undecided, and what a reader should know before believing either.</param>
/// <param name="Picture">Which panel the opening picture shows; null when nothing has completed.</param>
public sealed record AnswerSection(string Headline, IReadOnlyList<string> Sentences, PictureChoice? Picture);
