using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweep.Diffusion.Datasets;

/// <summary>How many rows a seed's split of finite data gave to training and to test.</summary>
/// <param name="Training">At least 1.</param>
/// <param name="Test">At least 1.</param>
public readonly partial record struct SplitRows(int Training, int Test)
{
    /// <summary>What a trial's notes say of it. Part of stored results: never reworded.</summary>
    public string Note => string.Create(CultureInfo.InvariantCulture, $"each seed splits the same rows again: {Training} for training, {Test} for test");

    /// <summary>
    /// The same where rows are held out for every seed. <see cref="Read"/> doesn't read it: seeds that share their test rows are no resampling of these.
    /// </summary>
    public string NoteOf(RowSplit split) => split switch
    {
        RowSplit.HeldOut => string.Create(
            CultureInfo.InvariantCulture, $"every seed has the same {Test} rows for test and splits the others again: {Training} for training"),
        RowSplit.Validation => string.Create(
            CultureInfo.InvariantCulture,
            $"rows are held out for a later test; each seed splits the others again: {Training} for training, {Test} to choose by"),
        _ => Note,
    };

    /// <summary>Reads what <see cref="Note"/> wrote; null for any other note.</summary>
    public static SplitRows? Read(string note) =>
        Written().Match(note) is { Success: true } match
        && int.TryParse(match.Groups["training"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int training) && training > 0
        && int.TryParse(match.Groups["test"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int test)
            ? new SplitRows(training, test)
            : null;

    [GeneratedRegex("^each seed splits the same rows again: (?<training>[0-9]+) for training, (?<test>[0-9]+) for test$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written();
}
