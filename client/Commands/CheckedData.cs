using Sweep.Client.Terminal;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>What <c>sweep check</c> says about the data: what was read of files, and what will not work or mean what it seems to.</summary>
internal static class CheckedData
{
    /// <summary>Columns named at most.</summary>
    private const int MaxNamed = 12;

    /// <summary>A line per file, on standard output.</summary>
    public static void WriteFiles(CommandContext context, DataReport data)
    {
        foreach (FileFacts file in data.Files)
            context.Out.WriteLine($"data {Words.Clean(file.Dataset)}: {Words.Clean(Describe(file))}");
    }

    /// <summary>A line per warning, on standard error, as errors have them.</summary>
    public static void WriteWarnings(CommandContext context, string path, IEnumerable<SpecWarning> warnings)
    {
        foreach (SpecWarning warning in warnings)
            context.Error.WriteLine($"{path}:{warning.Line}: warning: {Words.Clean(warning.Message)}");
    }

    /// <summary>As JSON has it.</summary>
    public static object Json(DataReport data) => data.Files.Select(f => new
    {
        f.Dataset,
        f.Rows,
        f.DroppedRows,
        f.DistinctRows,
        f.Columns,
        image = f.Image is (int height, int width) ? new { height, width } : null,
        guessed = f.Guesses,
    });

    private static string Describe(FileFacts file)
    {
        string columns = file.Image is (int height, int width)
            ? $"images of {height} x {width} pixels"
            : $"{file.Columns.Count} {(file.Columns.Count == 1 ? "column" : "columns")}: {string.Join(", ", file.Columns.Take(MaxNamed))}"
                + (file.Columns.Count > MaxNamed ? ", …" : string.Empty);
        string text = $"{Words.Count(file.Rows)} rows of {columns}";
        if (file.DistinctRows < file.Rows)
            text += $"; {Words.Count(file.Rows - file.DistinctRows)} {(file.Rows - file.DistinctRows == 1 ? "row repeats" : "rows repeat")} another";
        if (file.DroppedRows > 0)
            text += $"; {Words.Count(file.DroppedRows)} {(file.DroppedRows == 1 ? "row lacks a value and was" : "rows lack a value and were")} dropped";
        return file.Guesses.Count == 0 ? text : $"{text}; guessed: {string.Join(", ", file.Guesses)}";
    }
}
