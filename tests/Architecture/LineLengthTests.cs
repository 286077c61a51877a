using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Architecture;

/// <summary>Lines of code and prose stay within 160 columns. Tables in Markdown are a row a line.</summary>
public sealed class LineLengthTests
{
    private const int MaxColumns = 160;

    private static readonly string[] Kinds = [".cs", ".cu", ".h", ".md", ".sql", ".ts"];

    /// <summary>Of builds, packages and runs.</summary>
    private static readonly string[] Made = ["bin", "obj", "node_modules", "built", "dist", "runs"];

    /// <summary>Files written before the rule: whoever wraps one takes it off this list.</summary>
    private static readonly HashSet<string> Before = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Architecture", "Data", "long-lines.txt"))];

    [Fact]
    public void Lines_OfCodeAndProse_StayWithinTheColumns()
    {
        string[] files = [.. Files(SweepProcess.RepositoryRoot).Select(f => Path.GetRelativePath(SweepProcess.RepositoryRoot, f))];
        Assert.True(files.Length > 1000, $"{files.Length} files were read");
        string[] longer = [.. files.Where(f => !Before.Contains(f)).SelectMany(Longer)];
        Assert.True(longer.Length == 0, $"over {MaxColumns} columns:\n{string.Join('\n', longer)}");
    }

    private static IEnumerable<string> Longer(string file) => File.ReadAllLines(Path.Combine(SweepProcess.RepositoryRoot, file))
        .Select((line, i) => (Text: line, Number: i + 1))
        .Where(l => l.Text.Length > MaxColumns && !(file.EndsWith(".md", StringComparison.Ordinal) && l.Text.TrimStart().StartsWith('|')))
        .Select(l => $"{file}:{l.Number}: {l.Text.Length}");

    private static IEnumerable<string> Files(string folder) =>
    [
        .. Directory.GetFiles(folder).Where(f => Kinds.Contains(Path.GetExtension(f), StringComparer.Ordinal)),
        .. Directory.GetDirectories(folder)
            .Where(d => !Made.Contains(Path.GetFileName(d), StringComparer.Ordinal) && !Path.GetFileName(d).StartsWith('.'))
            .SelectMany(Files),
    ];
}
