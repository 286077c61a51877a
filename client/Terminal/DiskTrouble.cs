namespace Sweep.Client.Terminal;

/// <summary>What the operating system has run out of, where that is why a file can't be written or opened.</summary>
internal static class DiskTrouble
{
    private const int NoSpace = 28, QuotaExceeded = 122, TableFull = 23, TooManyFiles = 24;

    /// <summary>Null for any other trouble.</summary>
    public static string? Of(IOException e) => (e.HResult & 0xFFFF) switch
    {
        NoSpace or QuotaExceeded => "no space left; the same command goes on once there is room",
        TableFull or TooManyFiles => "too few file descriptors; allow more (ulimit -n)",
        _ => null,
    };
}
