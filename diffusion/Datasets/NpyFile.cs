using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Reads NumPy's .npy format, versions 1 and 2: a 2-D array in C order of little-endian float32, float64 or integers. Columns are named 0, 1, 2, ...
/// Errors are <see cref="KindException"/>s that start with the path.
/// </summary>
internal static partial class NpyFile
{
    internal static NumericTable Read(string path, byte[] bytes, IReadOnlyList<string>? wanted)
    {
        if (bytes.Length < 12 || bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new KindException($"{path}: not an .npy file; allowed: NumPy's .npy, versions 1 and 2");
        if (bytes[6] is not (1 or 2))
            throw new KindException($"{path}: .npy version {bytes[6]}; allowed: 1, 2");
        long start = bytes[6] == 1 ? 10 : 12;
        long length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (start + length > bytes.Length)
            throw new KindException($"{path}: cut short within its header; allowed: a whole .npy file");
        string header = Encoding.Latin1.GetString(bytes, (int)start, (int)length);

        string type = TypePattern().Match(header).Groups["type"].Value;
        (int size, Func<byte[], int, double>? read) = Reader(type);
        if (read is null)
            throw new KindException($"{path}: type {type}; allowed: <f4, <f8, |i1, |u1, <i2, <u2, <i4, <u4, <i8, <u8");
        if (!header.Contains("'fortran_order': False", StringComparison.Ordinal))
            throw new KindException($"{path}: Fortran order; allowed: C order (numpy.ascontiguousarray)");
        Match shape = ShapePattern().Match(header);
        if (!shape.Success)
            throw new KindException($"{path}: its shape is not (rows, columns): {header.Trim()}; allowed: two dimensions");
        long rows = long.Parse(shape.Groups["rows"].Value, CultureInfo.InvariantCulture), columns = long.Parse(shape.Groups["columns"].Value, CultureInfo.InvariantCulture);
        if (columns < 1 || (Int128)rows * columns * size != bytes.Length - start - length)
            throw new KindException($"{path}: {bytes.Length - start - length} bytes of data; allowed: {(Int128)rows * columns * size} for shape ({rows}, {columns})");

        string[] names = Enumerable.Range(0, (int)columns).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        int[] indices = FileColumns.Choose(path, names, wanted);
        double[] values = new double[rows * indices.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long row = i / indices.Length, column = indices[i % indices.Length];
            values[i] = read(bytes, (int)(start + length + (((row * columns) + column) * size)));
            if (!double.IsFinite(values[i]))
                throw new KindException($"{path}: row {row}, column {column}: {values[i]}; allowed: a finite number");
        }

        return new NumericTable(Array.ConvertAll(indices, i => names[i]), values);
    }

    private static (int Size, Func<byte[], int, double>? Read) Reader(string type) => type switch
    {
        "<f4" => (4, (b, at) => BinaryPrimitives.ReadSingleLittleEndian(b.AsSpan(at))),
        "<f8" => (8, (b, at) => BinaryPrimitives.ReadDoubleLittleEndian(b.AsSpan(at))),
        "|i1" => (1, (b, at) => (sbyte)b[at]),
        "|u1" => (1, (b, at) => b[at]),
        "<i2" => (2, (b, at) => BinaryPrimitives.ReadInt16LittleEndian(b.AsSpan(at))),
        "<u2" => (2, (b, at) => BinaryPrimitives.ReadUInt16LittleEndian(b.AsSpan(at))),
        "<i4" => (4, (b, at) => BinaryPrimitives.ReadInt32LittleEndian(b.AsSpan(at))),
        "<u4" => (4, (b, at) => BinaryPrimitives.ReadUInt32LittleEndian(b.AsSpan(at))),
        "<i8" => (8, (b, at) => BinaryPrimitives.ReadInt64LittleEndian(b.AsSpan(at))),
        "<u8" => (8, (b, at) => BinaryPrimitives.ReadUInt64LittleEndian(b.AsSpan(at))),
        _ => (0, null),
    };

    [GeneratedRegex("'descr': *'(?<type>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape': *\((?<rows>\d{1,18}), *(?<columns>\d{1,9}),?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShapePattern();
}
