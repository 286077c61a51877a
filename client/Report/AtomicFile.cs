namespace Sweep.Client.Report;

/// <summary>Files that are there whole or not at all: written beside their place and renamed into it.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The folder can't be written to. What was there before stays.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
