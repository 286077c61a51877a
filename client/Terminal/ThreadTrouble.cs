namespace Sweep.Client.Terminal;

/// <summary>Whether the operating system refuses a process more threads.</summary>
internal static class ThreadTrouble
{
    private const string Limits = "/proc/self/limits", Processes = "Max processes";

    /// <summary>What to do about it; null for any other trouble.</summary>
    public static string? Of(Exception failure)
    {
        // The runtime reports it as want of memory.
        Exception cause = failure.GetBaseException();
        return cause is OutOfMemoryException && cause.StackTrace?.Contains("System.Threading.Thread.StartCore()", StringComparison.Ordinal) == true
            ? $"no more threads can be started; allow more processes (ulimit -u{(Limit() is { } limit ? $", now {limit}" : "")}); then the same command goes on"
            : null;
    }

    /// <summary>Of this user's processes and their threads; null where it isn't known.</summary>
    private static string? Limit()
    {
        try
        {
            string? line = File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith(Processes, StringComparison.Ordinal));
            return line?[Processes.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
