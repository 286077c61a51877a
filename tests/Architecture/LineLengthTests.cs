using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Architecture;

/// <summary>
/// Lines of code and prose stay within 160 columns. What no one writes by hand is of other kinds or in <see cref="Made"/>: JSON (fixtures, recorded reports,
/// lock files), SVG, the solution file, built pages.
/// </summary>
public sealed class LineLengthTests
{
    private const int MaxColumns = 160;

    private static readonly string[] Kinds =
    [
        ".cs", ".cu", ".h", ".cpp", ".md", ".sql", ".ts", ".css", ".html", ".js", ".mjs", ".py", ".sh", ".csproj", ".props", ".targets", ".yaml", ".yml",
        ".service",
    ];

    /// <summary>Of builds, packages and runs.</summary>
    private static readonly string[] Made = ["bin", "obj", "node_modules", "built", "dist", "runs"];

    [Fact]
    public void Lines_OfCodeAndProse_StayWithinTheColumns()
    {
        string[] files = [.. Files(SweepProcess.RepositoryRoot).Select(f => Path.GetRelativePath(SweepProcess.RepositoryRoot, f))];
        Assert.True(files.Length > 1000, $"{files.Length} files were read");
        Assert.All(["test", "sweep", Path.Combine(".ci", "run"), Path.Combine("infra", "release")], script => Assert.Contains(script, files));
        string[] longer = [.. files.SelectMany(Longer)];
        Assert.True(longer.Length == 0, $"over {MaxColumns} columns:\n{string.Join('\n', longer)}");
    }

    private static IEnumerable<string> Longer(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(SweepProcess.RepositoryRoot, file));
        bool[] apart = file.EndsWith(".md", StringComparison.Ordinal) ? TablesAndCode(lines) : new bool[lines.Length];
        return Enumerable.Range(0, lines.Length)
            .Where(i => lines[i].Length > MaxColumns && !apart[i])
            .Select(i => $"{file}:{i + 1}: {lines[i].Length}");
    }

    /// <summary>Lines of Markdown that can't be wrapped: a table has a row a line, and a block of code holds commands and what they printed.</summary>
    private static bool[] TablesAndCode(string[] lines)
    {
        bool[] apart = new bool[lines.Length];
        bool fenced = false;
        for (int i = 0; i < lines.Length; i++)
        {
            bool fence = lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
            apart[i] = fenced || fence || lines[i].TrimStart().StartsWith('|') || lines[i].StartsWith("    ", StringComparison.Ordinal);
            fenced ^= fence;
        }

        return apart;
    }

    private static IEnumerable<string> Files(string folder) =>
    [
        .. Directory.GetFiles(folder).Where(IsWritten),
        .. Directory.GetDirectories(folder)
            .Where(d => !Made.Contains(Path.GetFileName(d), StringComparer.Ordinal) && (!Path.GetFileName(d).StartsWith('.') || Path.GetFileName(d) == ".ci"))
            .SelectMany(Files),
    ];

    private static bool IsWritten(string file) =>
        Path.GetExtension(file) is { Length: > 0 } kind ? Kinds.Contains(kind, StringComparer.Ordinal) : IsScript(file);

    private static bool IsScript(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return stream.ReadByte() == '#' && stream.ReadByte() == '!';
    }
}
