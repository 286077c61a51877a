using System.Globalization;

namespace Sweep.Tests.Client;

/// <summary>The TCP ports that a process listens on, as the kernel has them.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    public static int[] Of(int process)
    {
        HashSet<string> own = [.. Directory.GetFiles($"/proc/{process}/fd").Select(Target).Where(t => t.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(t => t[8..^1])];
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadAllLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(row => row[3] == Listening && own.Contains(row[9]))
                .Select(row => int.Parse(row[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
    }

    private static string Target(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return "";
        }
    }
}
