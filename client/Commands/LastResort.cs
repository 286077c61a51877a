using Sweep.Client.Terminal;
using Sweep.Silo;

namespace Sweep.Client.Commands;

/// <summary>For an unexpected exception: one line, the rest in a file, and an exit code as of other failures; never an abort.</summary>
internal static class LastResort
{
    /// <summary>Says it, and returns the exit code.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="folder">Where the file goes; null for the system's own for temporary ones.</param>
    public static int Say(TextWriter error, Exception failure, string? folder = null)
    {
        if (ThreadTrouble.Of(failure) is { } trouble)
        {
            error.WriteLine($"sweep: {trouble}");
            return ExitCode.Store;
        }

        string path = Path.Combine(folder ?? Path.GetTempPath(), $"sweep-exception-{Environment.ProcessId}.txt");
        string kept = $"; details: {path}";
        try
        {
            File.WriteAllText(path, $"{failure}\n");
        }
        catch (Exception)
        {
            // What failed first is what is said.
            kept = string.Empty;
        }

        error.WriteLine($"sweep: {Words.Clean(Unforeseen.Describe(failure))}{kept}. Please report it");
        return ExitCode.NotAllDone;
    }
}
