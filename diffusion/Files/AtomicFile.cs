namespace Sweep.Diffusion.Files;

/// <summary>Files that are there whole or not at all: written beside their place and renamed into it. Thread-safe: the last writer's content stays.</summary>
public static class AtomicFile
{
    /// <summary>Writes what people keep: it is on the disk before it replaces what was there.</summary>
    /// <exception cref="IOException">It can't be written. What was there before stays, and nothing else: half a file would only fill a full disk.</exception>
    public static void Write(string path, Action<Stream> content) => Write(path, content, flushToDisk: true);

    /// <summary>Writes what can be made again: after a loss of power the file may be short.</summary>
    /// <exception cref="IOException">As above.</exception>
    public static void WriteUnflushed(string path, ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        Write(path, stream => stream.Write(bytes), flushToDisk: false);
    }

    private static void Write(string path, Action<Stream> content, bool flushToDisk)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                content(stream);
                stream.Flush(flushToDisk);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
