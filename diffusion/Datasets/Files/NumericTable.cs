namespace Sweep.Diffusion.Datasets.Files;

/// <summary>The chosen columns of a file: finite numbers, row-major (rows, Columns.Count).</summary>
/// <param name="Columns">Their names, in order.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NumericTable(IReadOnlyList<string> Columns, double[] Values)
{
    /// <summary>Height and width, where each row is a whole image of one channel, row by row.</summary>
    internal (int Height, int Width)? Image { get; init; }

    /// <summary>Rows of the file that are not here, as they lack a value.</summary>
    internal int DroppedRows { get; init; }

    /// <summary>What the file did not say and was guessed, in words.</summary>
    internal IReadOnlyList<string> Guesses { get; init; } = [];
}
