using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Files;

/// <summary>
/// Opens files that people name: regular ones only. A pipe would be waited for without end and opening a device may act on it, so the kind is asked for first.
/// </summary>
public static partial class RegularFile
{
    // linux/stat.h and fcntl.h; the layout of struct statx is the same on every architecture.
    private const int AtCurrentFolder = -100;
    private const uint WantType = 1;
    private const int StatusBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <summary>Opens for reading, from its start.</summary>
    /// <exception cref="NotRegularFileException">It is a folder, a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        FileKind kind = KindOf(path);
        return kind is FileKind.Regular or FileKind.Unknown ? File.OpenRead(path) : throw new NotRegularFileException(path, kind);
    }

    /// <summary>All of a file of at most <paramref name="maxBytes"/>, whose length is looked at before memory is taken for it.</summary>
    /// <exception cref="IOException">It can't be read, is not a regular file or is larger.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, long maxBytes)
    {
        using FileStream file = Open(path);
        if (file.Length > maxBytes)
            throw new IOException($"{path}: {file.Length} bytes; allowed: at most {maxBytes}");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The kind, links followed. Systems other than Linux tell folders only.</summary>
    public static FileKind KindOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return FileKind.Folder;
        if (!OperatingSystem.IsLinux() || path.Contains('\0', StringComparison.Ordinal))
            return FileKind.Unknown;
        byte[] status = new byte[StatusBytes];
        if (Status(AtCurrentFolder, path, 0, WantType, status) != 0)
            return FileKind.Unknown;
        return (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) switch
        {
            0x8000 => FileKind.Regular,
            0x1000 => FileKind.Pipe,
            0x2000 or 0x6000 => FileKind.Device,
            0xC000 => FileKind.Socket,
            _ => FileKind.Unknown,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte[] status);
}
