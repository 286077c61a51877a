using System.IO.Compression;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads one array of NumPy's .npz, a zip archive of .npy files. Errors are <see cref="KindException"/>s that start with the path, or with <c>key</c>.
/// </summary>
internal static class NpzFile
{
    private const string Suffix = ".npy";

    /// <summary>Names listed in an error at most.</summary>
    private const int MaxListed = 20;

    internal static NumericTable Read(string path, FileStream file, TableOptions options)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.GetEntry("[Content_Types].xml") is not null)
                throw new KindException($"{path}: an Excel workbook; allowed: the sheet saved as CSV");
            ZipArchiveEntry[] arrays = [.. archive.Entries.Where(e => e.FullName.EndsWith(Suffix, StringComparison.Ordinal))];
            if (arrays.Length == 0)
                throw new KindException($"{path}: a zip archive without an .npy file; allowed: NumPy's .npz");
            string[] names = [.. arrays.Select(Name)];
            string listed = string.Join(", ", names.Take(MaxListed)) + (names.Length > MaxListed ? $" and {names.Length - MaxListed} more" : string.Empty);
            if (options.Key is null && arrays.Length > 1)
                throw new KindException($"{path}: an .npz of {arrays.Length} arrays and no key; allowed: key: one of {listed}");
            ZipArchiveEntry array = options.Key is null ? arrays[0] : arrays.FirstOrDefault(e => Text.Nfc.Same(Name(e), options.Key))
                ?? throw new KindException($"key: {options.Key}, of which {path} has none; allowed: {listed}");
            string place = $"{path}, array {Name(array)}";
            using var content = new BoundedStream(place, array.Open(), TableMemory.MaxUnpackedBytes, checksum: array.Crc32);
            NumericTable table = NpyFile.Read(place, content, file.Length, packed: true, options);
            return options.Key is null ? table with { Guesses = [.. table.Guesses, $"array {Name(array)}"] } : table;
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            throw new KindException($"{path}: an .npz that can't be read ({e.Message}); allowed: a whole zip archive without a password", e);
        }
    }

    private static string Name(ZipArchiveEntry entry) => entry.FullName[..^Suffix.Length];
}
