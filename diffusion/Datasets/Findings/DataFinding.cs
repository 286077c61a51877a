namespace Sweep.Diffusion.Datasets.Findings;

/// <summary>Something that the rows of a dataset show, and that whoever models them should know.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">The columns that it is about, from 0.</param>
/// <param name="Text">In words, with the columns' names.</param>
public sealed record DataFinding(DataFindingKind Kind, IReadOnlyList<int> Columns, string Text);
