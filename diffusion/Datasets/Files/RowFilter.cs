using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>Makes the finite table of an array in which NaN stands for a missing value.</summary>
internal static class RowFilter
{
    /// <summary>Added to errors about a missing value.</summary>
    internal const string Hint = " (missing: drop leaves such rows out)";

    /// <param name="path">For the errors.</param>
    /// <param name="names">The columns' names.</param>
    /// <param name="values">Row-major; rows are moved within it.</param>
    /// <param name="options">Whether rows with NaN are dropped.</param>
    /// <exception cref="KindException">A value is infinite, or missing where rows aren't dropped.</exception>
    internal static NumericTable Finite(string path, IReadOnlyList<string> names, double[] values, TableOptions options)
    {
        int d = names.Count, kept = 0, rows = values.Length / d;
        for (int row = 0; row < rows; row++)
        {
            Span<double> point = values.AsSpan(row * d, d);
            bool missing = false;
            for (int j = 0; j < d; j++)
            {
                if (double.IsNaN(point[j]) && options.DropMissing)
                    missing = true;
                else if (!double.IsFinite(point[j]))
                    throw new KindException(
                        $"{path}: row {row}, column {names[j]}: {point[j]}; allowed: a finite number{(double.IsNaN(point[j]) ? Hint : string.Empty)}");
            }

            if (missing)
                continue;
            point.CopyTo(values.AsSpan(kept++ * d, d));
        }

        return new NumericTable(names, kept == rows ? values : values[..(kept * d)]) { DroppedRows = rows - kept };
    }
}
