using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>Bounds what a file may make us allocate, by what its own bytes can hold and by this machine's memory.</summary>
internal static class TableMemory
{
    /// <summary>Deflate's best: 258 bytes in 2 bits, 1032 to 1.</summary>
    private const long MaxInflation = 1032;

    /// <summary>Columns of a table at most, those that aren't chosen included.</summary>
    internal const int MaxColumns = 1 << 20;

    /// <summary>Bytes of a compressed file once unpacked, at most.</summary>
    internal const long MaxUnpackedBytes = 16L << 30;

    /// <summary>Values kept at most: half of the memory that this process may use.</summary>
    private static readonly long MaxValues = Math.Min(Array.MaxLength, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / sizeof(double));

    /// <summary>The number of values in a table that is about to be made.</summary>
    /// <exception cref="KindException">It does not fit.</exception>
    internal static int Values(string path, long rows, long columns)
    {
        Int128 values = (Int128)rows * columns;
        return values <= MaxValues
            ? (int)values
            : throw new KindException($"{path}: {rows} rows of {columns} columns; allowed: at most {MaxValues} values, half of the memory there is");
    }

    /// <summary>Checks a promise of <paramref name="bytes"/> made by a file that has <paramref name="compressed"/>.</summary>
    /// <exception cref="KindException">So few can't hold so many.</exception>
    internal static void CheckInflation(string path, Int128 bytes, long compressed)
    {
        if (bytes > (Int128)compressed * MaxInflation)
            throw new KindException($"{path}: {bytes} bytes of data promised by {compressed} compressed ones; allowed: at most {MaxInflation} times as many");
        if (bytes > MaxUnpackedBytes)
            throw new KindException($"{path}: {bytes} bytes of data once unpacked; allowed: at most {MaxUnpackedBytes}");
    }
}
