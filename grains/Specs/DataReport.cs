namespace Sweep.Grains.Specs;

/// <summary>What <see cref="DataCheck"/> found.</summary>
/// <param name="Files">The data files, in the spec's order.</param>
/// <param name="Warnings">By line.</param>
/// <param name="Unfit">Names of data sets with those of preprocessings that can't be fitted to them, as a warning says.</param>
/// <param name="NothingFits">Whether that is all of them: every trial would fail.</param>
public sealed record DataReport(
    IReadOnlyList<FileFacts> Files, IReadOnlyList<SpecWarning> Warnings, IReadOnlySet<(string Dataset, string Preprocessing)> Unfit, bool NothingFits);

/// <summary>What was read of a data file.</summary>
/// <param name="Dataset">Its name in the spec.</param>
/// <param name="Rows">Rows that are used.</param>
/// <param name="DroppedRows">Rows that lack a value and were left out.</param>
/// <param name="DistinctRows">Rows that differ.</param>
/// <param name="Columns">Their names.</param>
/// <param name="Image">Height and width of rows that are images; null when they are none.</param>
/// <param name="Guesses">What the file did not say of its format and was guessed.</param>
public sealed record FileFacts(
    string Dataset, int Rows, int DroppedRows, int DistinctRows, IReadOnlyList<string> Columns, (int Height, int Width)? Image, IReadOnlyList<string> Guesses);
