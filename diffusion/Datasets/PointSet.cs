namespace Sweep.Diffusion.Datasets;

/// <summary>A set of points: a flat buffer, row-major, shape (<see cref="Count"/>, <see cref="Dimensions"/>).</summary>
public sealed class PointSet
{
    public PointSet(double[] values, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (values.Length % dimensions != 0)
            throw new ArgumentException($"{values.Length} values are not a whole number of rows of {dimensions}", nameof(values));
        Values = values;
        Dimensions = dimensions;
    }

    /// <summary>Row-major (Count, Dimensions).</summary>
    public double[] Values { get; }

    public int Dimensions { get; }

    /// <summary>What the columns are called, where they are called anything; for messages.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    public int Count => Values.Length / Dimensions;

    public ReadOnlySpan<double> Row(int index) => Values.AsSpan(index * Dimensions, Dimensions);

    /// <summary>Columns in a message: their names, or where they stand.</summary>
    public string ColumnsOf(IReadOnlyList<int> indices) =>
        ColumnNames is { } names ? string.Join(", ", indices.Select(j => names[j])) : $"{string.Join(", ", indices)} (of {Dimensions}, from 0)";

    /// <summary>A column in a message: its name, or where it stands.</summary>
    public string Column(int index) => ColumnNames is { } names ? names[index] : $"{index} (of {Dimensions}, from 0)";
}
