using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>The head of NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, header length, a Python dictionary.</summary>
/// <param name="Type">The numbers.</param>
/// <param name="Fortran">Whether the first axis runs fastest.</param>
/// <param name="Shape">At least one axis; the first one counts rows.</param>
internal sealed partial record NpyHeader(NpyType Type, bool Fortran, IReadOnlyList<long> Shape)
{
    private const int MaxBytes = 1 << 16;
    private const int MaxAxes = 32;

    /// <summary>Rows of the array.</summary>
    internal long Rows => Shape[0];

    /// <summary>Numbers in a row.</summary>
    internal Int128 Columns { get; } = Shape.Skip(1).Aggregate(Int128.One, (product, length) => product * length);

    /// <summary>Bytes of the numbers, which follow the header.</summary>
    internal Int128 DataBytes => Rows * Columns * Type.Size;

    /// <summary>Height and width of rows that are images of one channel: (n, h, w), or with a channel axis of length 1 before or behind these.</summary>
    internal (int Height, int Width)? Image => Shape switch
    {
        [_, var height, var width] => ((int)height, (int)width),
        [_, 1, var height, var width] => ((int)height, (int)width),
        [_, var height, var width, 1] => ((int)height, (int)width),
        _ => null,
    };

    /// <summary>Reads up to where the numbers begin.</summary>
    /// <exception cref="KindException">Not the head of an .npy file of numbers in rows.</exception>
    internal static NpyHeader Read(string path, Stream stream)
    {
        Span<byte> head = stackalloc byte[8];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !IsMagic(head))
            throw new KindException($"{path}: not an .npy file; allowed: NumPy's .npy, versions 1 to 3");
        int version = head[6];
        if (version is not (1 or 2 or 3))
            throw new KindException($"{path}: .npy version {version}; allowed: 1, 2, 3");
        Span<byte> size = stackalloc byte[version == 1 ? 2 : 4];
        long length = stream.ReadAtLeast(size, size.Length, throwOnEndOfStream: false) < size.Length
            ? MaxBytes + 1
            : version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxBytes)
            throw new KindException($"{path}: a header that is cut short or of more than {MaxBytes} bytes; allowed: a whole .npy file");
        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw new KindException($"{path}: cut short within its header; allowed: a whole .npy file");
        return Parse(path, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text));
    }

    internal static bool IsMagic(ReadOnlySpan<byte> head) => head.Length >= 6 && head[0] == 0x93 && head[1..6].SequenceEqual("NUMPY"u8);

    private static NpyHeader Parse(string path, string header)
    {
        Match type = TypePattern().Match(header);
        if (!type.Success)
        {
            throw new KindException(header.Contains("'descr'", StringComparison.Ordinal)
                ? $"{path}: a structured array, with fields of its own; allowed: an array of numbers (a frame's to_numpy())"
                : $"{path}: no type in its header: {Show(header)}; allowed: 'descr'");
        }

        Match order = OrderPattern().Match(header);
        if (!order.Success)
            throw new KindException($"{path}: no order in its header: {Show(header)}; allowed: 'fortran_order': True or False");
        Match written = ShapePattern().Match(header);
        long[] shape = written.Success
            ? [.. written.Groups["axis"].Captures.Select(c => long.Parse(c.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))] : [];
        if (shape.Length is 0 or > MaxAxes || shape.Skip(1).Any(axis => axis is < 1 or > int.MaxValue))
            throw new KindException(
                $"{path}: shape {(written.Success ? written.Groups["all"].Value : Show(header))}; allowed: (rows), (rows, columns) or (rows, height, width)");
        var head = new NpyHeader(NpyType.Of(path, type.Groups["type"].Value), order.Groups["fortran"].ValueSpan is "True", shape);
        if (shape.Length > 2 && head.Image is null)
            throw new KindException(
                $"{path}: shape {written.Groups["all"].Value}; allowed: (rows), (rows, columns) or (rows, height, width), images of one channel");
        return head;
    }

    private static string Show(string header) => header.Trim() is { Length: > 80 } text ? text[..77] + "..." : header.Trim();

    [GeneratedRegex("'descr': *'(?<type>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order': *(?<fortran>True|False)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OrderPattern();

    /// <summary>Every axis ends with a comma or the bracket, so that there is one way to read it: a long row of digits would have very many.</summary>
    [GeneratedRegex(@"'shape': *(?<all>\( *(?>(?<axis>\d{1,18})L? *(?:, *|(?=\))))*\))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShapePattern();
}
