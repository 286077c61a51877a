namespace Sweep.Client.Terminal;

/// <summary>What the operating system lacks, where that is why a file can't be written or opened.</summary>
internal static class DiskTrouble
{
    private const int NoSpace = 28, QuotaExceeded = 122, ReadOnly = 30, TableFull = 23, TooManyFiles = 24;

    /// <summary>Null for any other trouble.</summary>
    public static string? Of(IOException e) => (e.HResult & 0xFFFF) switch
    {
        NoSpace or QuotaExceeded => "no space left; the same command goes on once there is room",
        ReadOnly => "a read-only file system; copy the folder to where it can be written, or use another (--out DIR)",
        TableFull or TooManyFiles => "too few file descriptors; allow more (ulimit -n)",
        _ => null,
    };
}
