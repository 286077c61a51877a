namespace Sweep.Diffusion.Datasets;

/// <summary>The chosen columns of a file: finite numbers, row-major (rows, Columns.Count).</summary>
/// <param name="Columns">Their names, in order.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NumericTable(IReadOnlyList<string> Columns, double[] Values);
