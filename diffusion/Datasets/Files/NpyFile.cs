using System.Globalization;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads an array of NumPy's .npy format: one axis is one column, two are rows and columns, three are images, which are flattened row by row. Columns are named
/// 0, 1, 2, ... Errors are <see cref="KindException"/>s that start with the path.
/// </summary>
internal static class NpyFile
{
    /// <summary>Bytes read at a time, about.</summary>
    private const int BufferBytes = 1 << 20;

    /// <param name="path">For the errors.</param>
    /// <param name="stream">Its bytes, from the first.</param>
    /// <param name="length">How many there are: nothing is allocated for an array that they can't be.</param>
    /// <param name="packed">Whether <paramref name="length"/> is of bytes that are compressed in the file, so that it bounds the array only.</param>
    /// <param name="options">What is wanted of it.</param>
    internal static NumericTable Read(string path, Stream stream, long length, bool packed, TableOptions options)
    {
        NpyHeader header = NpyHeader.Read(path, stream);
        if (packed)
            TableMemory.CheckInflation(path, header.DataBytes, length);
        else if (header.DataBytes != length - stream.Position)
            throw new KindException(
                $"{path}: {length - stream.Position} bytes of data; allowed: {header.DataBytes} for shape ({string.Join(", ", header.Shape)})");

        if (header.Rows < FileDataset.MinimumDistinctRows || header.Columns > TableMemory.MaxColumns)
            throw new KindException(
                $"{path}: shape ({string.Join(", ", header.Shape)}); allowed: at least {FileDataset.MinimumDistinctRows} rows of at most "
                + $"{TableMemory.MaxColumns} numbers");
        int columns = (int)header.Columns;
        string[] names = [.. Enumerable.Range(0, columns).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        int[] chosen = ColumnChoice.Of(path, names, options);
        double[] values = new double[TableMemory.Values(path, header.Rows, chosen.Length)];
        Fill(path, stream, header, columns, chosen, values);
        if (packed && stream.ReadByte() >= 0)
            throw new KindException($"{path}: more bytes than its header promises; allowed: {header.DataBytes} for shape ({string.Join(", ", header.Shape)})");
        bool whole = chosen.Length == columns && chosen.Select((column, i) => column == i).All(same => same);
        return RowFilter.Finite(path, Array.ConvertAll(chosen, i => names[i]), values, options) with { Image = whole ? header.Image : null };
    }

    /// <summary>Reads the numbers in the order of the file, and puts each where it belongs.</summary>
    private static void Fill(string path, Stream stream, NpyHeader header, int columns, int[] chosen, double[] values)
    {
        int[] place = new int[columns];
        Array.Fill(place, -1);
        for (int k = 0; k < chosen.Length; k++)
            place[chosen[k]] = k;
        int[] fileColumns = header.Fortran ? FortranColumns(header.Shape) : [];
        long rows = header.Rows, count = rows * columns;
        int size = header.Type.Size;
        byte[] buffer = new byte[(int)Math.Min(count, Math.Max(1, BufferBytes / size)) * size];
        for (long done = 0; done < count;)
        {
            int take = (int)Math.Min(count - done, buffer.Length / size);
            if (stream.ReadAtLeast(buffer.AsSpan(0, take * size), take * size, throwOnEndOfStream: false) < take * size)
                throw new KindException($"{path}: cut short; allowed: {header.DataBytes} bytes of data for shape ({string.Join(", ", header.Shape)})");
            for (int i = 0; i < take; i++, done++)
            {
                (long row, int column) = header.Fortran ? (done % rows, fileColumns[done / rows]) : (done / columns, (int)(done % columns));
                if (place[column] >= 0)
                    values[(row * chosen.Length) + place[column]] = header.Type.Read(buffer.AsSpan(i * size, size));
            }
        }
    }

    /// <summary>
    /// Of the k-th column as Fortran order stores them (its first axis fastest) the index in C order (its last axis fastest), by which columns are named.
    /// </summary>
    private static int[] FortranColumns(IReadOnlyList<long> shape)
    {
        int[] axes = [.. shape.Skip(1).Select(length => (int)length)];
        int[] columns = new int[axes.Aggregate(1, (product, length) => product * length)];
        int[] index = new int[axes.Length];
        for (int k = 0; k < columns.Length; k++)
        {
            foreach ((int length, int at) in axes.Zip(index))
                columns[k] = (columns[k] * length) + at;
            for (int a = 0; a < axes.Length && ++index[a] == axes[a]; a++)
                index[a] = 0;
        }

        return columns;
    }
}
