namespace Sweep.Grains.Comparison.Report;

/// <summary>All findings about one dataset (and schedule), or about the whole sweep.</summary>
/// <param name="Title">The dataset's name; <c>Overall</c> for the sweep.</param>
/// <param name="Sentences">Each of them is among the answer's sentences.</param>
public sealed record FindingGroup(string Title, IReadOnlyList<string> Sentences);
