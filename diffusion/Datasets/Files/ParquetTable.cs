using Parquet;
using Parquet.Schema;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads columns of numbers from a Parquet file. A null is a missing value. Errors are <see cref="KindException"/>s that start with the path.
/// </summary>
internal static class ParquetTable
{
    /// <summary>Rows for each byte of the file at most: a run of one value costs next to nothing, but a table of nothing else is none.</summary>
    private const long MaxRowsPerByte = 1024;

    internal static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8);

    internal static NumericTable Read(string path, FileStream file, TableOptions options)
    {
        try
        {
            // The library's interface is asynchronous; a data set is made by whoever needs it, on its own thread.
            return ReadAsync(path, file, options).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (KindException or OutOfMemoryException))
        {
            // The library meets bytes that are none of Parquet's with whatever exception they lead to.
            throw new KindException($"{path}: a Parquet file that can't be read ({e.Message}); allowed: an unencrypted Parquet file", e);
        }
    }

    private static async Task<NumericTable> ReadAsync(string path, FileStream file, TableOptions options)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true).ConfigureAwait(false);
        Field[] fields = [.. reader.Schema.Fields];
        string[] names = [.. fields.Select(f => f.Name)];
        if (names.Length == 0)
            throw new KindException($"{path}: no columns; allowed: at least one");
        int[] chosen = ColumnChoice.Of(path, names, options);
        long rows = reader.RowGroups.Sum(g => g.RowCount);
        if (rows < 0 || rows > file.Length * MaxRowsPerByte)
            throw new KindException($"{path}: {rows} rows promised by {file.Length} bytes; allowed: at most {MaxRowsPerByte} a byte");
        Func<ParquetRowGroupReader, Task<double[]>>[] readers = [.. chosen.Select(c => Reader(path, fields[c]))];
        double[] values = new double[TableMemory.Values(path, rows, chosen.Length)];
        for (int k = 0; k < chosen.Length; k++)
        {
            int at = k;
            foreach (ParquetRowGroupReader group in reader.RowGroups)
            {
                foreach (double value in await readers[k](group).ConfigureAwait(false))
                {
                    values[at] = value;
                    at += chosen.Length;
                }
            }
        }

        return RowFilter.Finite(path, Array.ConvertAll(chosen, i => names[i]), values, options);
    }

    /// <summary>Reads a column of one row group; NaN for null.</summary>
    private static Func<ParquetRowGroupReader, Task<double[]>> Reader(string path, Field field)
    {
        if (field is DataField { IsArray: false } data)
        {
            Type type = data.ClrType;
            if (type == typeof(double)) return Of<double>(data, v => v);
            if (type == typeof(float)) return Of<float>(data, v => v);
            if (type == typeof(Half)) return Of<Half>(data, v => (double)v);
            if (type == typeof(bool)) return Of<bool>(data, v => v ? 1 : 0);
            if (type == typeof(sbyte)) return Of<sbyte>(data, v => v);
            if (type == typeof(byte)) return Of<byte>(data, v => v);
            if (type == typeof(short)) return Of<short>(data, v => v);
            if (type == typeof(ushort)) return Of<ushort>(data, v => v);
            if (type == typeof(int)) return Of<int>(data, v => v);
            if (type == typeof(uint)) return Of<uint>(data, v => v);
            if (type == typeof(long)) return Of<long>(data, v => v);
            if (type == typeof(ulong)) return Of<ulong>(data, v => v);
            if (type == typeof(decimal)) return Of<decimal>(data, v => (double)v);
        }

        string what = field is not DataField { IsArray: false } plain ? "a list or a structure"
            : plain.ClrType == typeof(string) || plain.ClrType == typeof(ReadOnlyMemory<char>) ? "text"
            : plain.ClrType == typeof(DateTime) || plain.ClrType == typeof(DateOnly) ? "dates" : plain.ClrType.Name;
        throw new KindException($"{path}: column {field.Name}: {what}; allowed: numbers and flags (leave a column out with columns: [...] or except: "
            + $"[{Text.YamlFlow.Name(field.Name)}])");
    }

    private static Func<ParquetRowGroupReader, Task<double[]>> Of<T>(DataField field, Func<T, double> convert)
        where T : struct => async group =>
    {
        int rows = checked((int)group.RowCount);
        if (!field.IsNullable)
        {
            var plain = new T[rows];
            await group.ReadAsync(field, plain.AsMemory()).ConfigureAwait(false);
            return Array.ConvertAll(plain, v => convert(v));
        }

        var optional = new T?[rows];
        await group.ReadAsync<T>(field, optional.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(optional, v => v is { } value ? convert(value) : double.NaN);
    };
}
