namespace Sweep.Diffusion.Numerics.Matrices;

/// <summary>A matrix in somebody's memory: element (i, j) lies at <c>i RowStep + j ColumnStep</c>.</summary>
internal readonly ref struct MatrixView
{
    private MatrixView(ReadOnlySpan<double> values, int rows, int columns, int rowStep, int columnStep)
    {
        Values = values;
        (Rows, Columns, RowStep, ColumnStep) = (rows, columns, rowStep, columnStep);
    }

    public ReadOnlySpan<double> Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int RowStep { get; }

    public int ColumnStep { get; }

    /// <summary>The same numbers, rows and columns exchanged.</summary>
    public MatrixView Transpose => new(Values, Columns, Rows, ColumnStep, RowStep);

    /// <summary>A row-major matrix whose rows are <paramref name="rowStep"/> apart; 0: without gaps.</summary>
    /// <exception cref="ArgumentException">The numbers are too few.</exception>
    public static MatrixView Of(ReadOnlySpan<double> values, int rows, int columns, int rowStep = 0)
    {
        int step = rowStep == 0 ? columns : rowStep;
        if (step < columns || values.Length < ((rows - 1) * (long)step) + columns)
            throw new ArgumentException($"{values.Length} values, row step {step}; allowed: enough for {rows} x {columns}", nameof(values));
        return new MatrixView(values, rows, columns, step, 1);
    }
}
