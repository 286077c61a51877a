using System.Buffers.Binary;
using System.IO.Compression;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads a table of numbers from a file. Its first bytes say what it is, not its name, which a copy may have lost: an .npy, an .npz, a Parquet file, delimited
/// text, and .npy or text packed by gzip.
/// </summary>
internal static class TableFile
{
    /// <summary>For messages.</summary>
    internal const string Allowed = "CSV, .npy, .npz or Parquet; CSV and .npy also as .gz";

    private const int MagicBytes = 16;

    /// <summary>Formats that people try, by the bytes they begin with: said by name rather than read as text.</summary>
    private static readonly (string Name, byte[] Magic)[] Foreign =
    [
        ("packed twice", [0x1f, 0x8b]),
        ("a zip archive within gzip", [.. "PK\u0003\u0004"u8]),
        ("a Parquet file within gzip", [.. "PAR1"u8]),
        ("packed by zstd", [0x28, 0xb5, 0x2f, 0xfd]),
        ("packed by xz", [0xfd, .. "7zXZ"u8]),
        ("packed by bzip2", [.. "BZh"u8]),
        ("an HDF5 file", [0x89, .. "HDF"u8]),
        ("an Arrow or Feather file", [.. "ARROW1"u8]),
        ("a Feather file", [.. "FEA1"u8]),
        ("a MATLAB file", [.. "MATLAB 5"u8]),
        ("an SQLite database", [.. "SQLite format"u8]),
        ("an Excel workbook", [0xd0, 0xcf, 0x11, 0xe0]),
        ("a Python pickle, which is never read", [0x80, 0x04, 0x95]),
        ("a Python pickle, which is never read", [0x80, 0x05, 0x95]),
        ("a Python pickle, which is never read", [0x80, 0x02]),
        ("a Python pickle, which is never read", [0x80, 0x03]),
        ("an R data file", [.. "RDX"u8]),
        ("an R object", [.. "X\n\0\0"u8]),
        ("a NetCDF file", [.. "CDF"u8, 1]),
        ("a web page, not the data", [.. "<!DOCTYPE html"u8]),
        ("a web page, not the data", [.. "<!doctype html"u8]),
        ("a web page, not the data", [.. "<html"u8]),
        ("XML", [.. "<?xml"u8]),
        ("JSON", [.. "{\""u8]),
        ("JSON", [.. "[{"u8]),
        ("a pointer of Git LFS, whose content git lfs pull fetches", [.. "version https://"u8]),
        ("a PDF", [.. "%PDF"u8]),
        ("a PNG image", [0x89, .. "PNG"u8]),
    ];

    /// <exception cref="KindException">It is not such a table.</exception>
    /// <exception cref="IOException">It can't be read, or is not a regular file.</exception>
    internal static NumericTable Read(string path, TableOptions options)
    {
        using FileStream file = RegularFile.Open(path);
        byte[] magic = Begin(file);
        if (magic.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return ReadPacked(path, file.Length, options);
        if (NpyHeader.IsMagic(magic))
            return NpyFile.Read(path, file, file.Length, packed: false, ForArrays(options, keyed: false));
        if (magic.AsSpan().StartsWith("PK\u0003\u0004"u8) || magic.AsSpan().StartsWith("PK\u0005\u0006"u8))
            return NpzFile.Read(path, file, ForArrays(options, keyed: true));
        if (ParquetTable.IsMagic(magic))
            return ParquetTable.Read(path, file, ForArrays(options, keyed: false));
        return ReadText(path, path, magic, () => RegularFile.Open(path), options);
    }

    private static NumericTable ReadPacked(string path, long length, TableOptions options)
    {
        try
        {
            byte[] magic;
            using (Stream content = Unpack())
                magic = Begin(content);
            if (!NpyHeader.IsMagic(magic))
                return ReadText(path, Path.GetFileNameWithoutExtension(path), magic, Unpack, options);
            using Stream array = Unpack();
            return NpyFile.Read(path, array, length, packed: true, ForArrays(options, keyed: false));
        }
        catch (InvalidDataException e)
        {
            throw new KindException($"{path}: gzip that can't be unpacked ({e.Message}); allowed: a whole .gz file", e);
        }

        Stream Unpack()
        {
            FileStream packed = RegularFile.Open(path);
            return new BoundedStream(path, new GZipStream(packed, CompressionMode.Decompress), TableMemory.MaxUnpackedBytes, Promised(packed));
        }
    }

    /// <summary>What a .gz says of its content's length, in its last four bytes (RFC 1952, ISIZE).</summary>
    private static uint Promised(FileStream packed)
    {
        byte[] last = new byte[sizeof(uint)];
        packed.Position = Math.Max(0, packed.Length - last.Length);
        _ = packed.ReadAtLeast(last, last.Length, throwOnEndOfStream: false);
        packed.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }

    /// <summary>Reads what is none of the formats that are known by their first bytes.</summary>
    /// <param name="path">For the errors.</param>
    /// <param name="name">Its name without that of a packing.</param>
    /// <param name="magic">Its first bytes.</param>
    /// <param name="open">Opens it from the first byte.</param>
    /// <param name="options">What is wanted of it.</param>
    private static NumericTable ReadText(string path, string name, byte[] magic, Func<Stream> open, TableOptions options)
    {
        foreach ((string what, byte[] beginning) in Foreign)
        {
            if (magic.AsSpan().StartsWith(beginning))
                throw new KindException($"{path}: {what}; allowed: {Allowed}");
        }

        string extension = Path.GetExtension(name).ToLowerInvariant();
        if (extension is ".npy" or ".npz" or ".parquet")
            throw new KindException($"{path}: not an {extension} file; allowed: {Allowed}");
        return options.Key is null
            ? CsvFile.Read(path, open, options)
            : throw new KindException($"key: {options.Key}, with {path}, which is text; allowed: only with an .npz");
    }

    /// <summary>The options, where those that concern text alone were not given.</summary>
    private static TableOptions ForArrays(TableOptions options, bool keyed)
    {
        string? wrong = options.Delimiter is { } delimiter ? $"delimiter: {delimiter}"
            : options.Decimal is { } sign ? $"decimal: {sign}"
            : !options.Header ? "header: false" : null;
        if (wrong is not null)
            throw new KindException($"{wrong}, with a file that is not text; allowed: only with CSV");
        return options.Key is null || keyed ? options : throw new KindException(
            $"key: {options.Key}, with a file that is not an .npz; allowed: only with an .npz");
    }

    /// <summary>The first bytes; a stream that can is put back to its start.</summary>
    private static byte[] Begin(Stream stream)
    {
        byte[] magic = new byte[MagicBytes];
        int count = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (stream.CanSeek)
            stream.Position = 0;
        return magic[..count];
    }
}
