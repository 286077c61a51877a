using System.Globalization;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads fields as numbers. Unless the decimal sign is given, the first field that has a point or a comma decides it for the whole file, so that none is read by another rule than its neighbour. True and
/// false are 1 and 0, as pandas writes flags. Used by one thread.
/// </summary>
internal sealed class CsvNumbers(string path, CsvDialect dialect, TableOptions options, TextDecoding decoding)
{
    /// <summary>What pandas and R write, or read, for a value that is missing; besides an empty field.</summary>
    private static readonly HashSet<string> Missing = new(StringComparer.Ordinal)
    {
        "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None",
    };

    private const int MaxShown = 40;

    private char? _decimal = options.Decimal;

    /// <summary>The decimal sign of the numbers so far, where a number told it rather than the options; null where none has.</summary>
    internal char? GuessedDecimal => options.Decimal is null ? _decimal : null;

    /// <summary>Whether a field might be a number, or a missing one, by either decimal sign.</summary>
    internal static bool Looks(string field, char delimiter)
    {
        string text = field.Trim();
        return IsMissing(text) || Flag(text) is not null || Parse(text) is not null || (delimiter != ',' && Parse(text.Replace(',', '.')) is not null);
    }

    /// <summary>A finite number; NaN where the field is missing and such rows are dropped.</summary>
    /// <exception cref="KindException">It is none.</exception>
    internal double Read(int line, string column, string field)
    {
        ReadOnlySpan<char> text = field.AsSpan().Trim();
        if (dialect.Delimiter != ',' || options.Decimal is not null)
            Decide(line, column, text);
        if (_decimal == ',' && text.Contains(','))
            text = text.ToString().Replace(',', '.');
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            return value;
        string trimmed = text.ToString();
        if (Flag(trimmed) is { } flag)
            return flag;
        if (IsMissing(trimmed))
            return options.DropMissing ? double.NaN : throw Wrong(line, column, field, $"a finite number (missing: drop leaves such rows out; {LeaveOut(column)})");
        if (field.Contains(TextDecoding.Mark, StringComparison.Ordinal))
            throw new KindException($"{path}:{line}: column {column}: {decoding.Problem}");
        throw Wrong(line, column, field, $"a finite number ({LeaveOut(column)})");
    }

    private void Decide(int line, string column, ReadOnlySpan<char> text)
    {
        bool point = text.Contains('.'), comma = text.Contains(',');
        char sign = point ? '.' : ',';
        if ((!point && !comma) || (point != comma && _decimal == sign))
            return;
        string written = text.ToString();
        if (point && comma && Parse(written.Replace(".", string.Empty, StringComparison.Ordinal).Replace(",", string.Empty, StringComparison.Ordinal)) is not null)
            throw Wrong(line, column, written, "numbers without a thousands separator");

        // Text that is no number at all decides nothing, and is refused as such.
        if (Parse(written.Replace(',', '.')) is null)
            return;
        _decimal ??= sign;
        if (_decimal != sign)
            throw Wrong(line, column, written, $"a number with a decimal {(_decimal == ',' ? "comma" : "point")}, as {(options.Decimal is null ? "those above it have" : "decimal: says")}");
    }

    private KindException Wrong(int line, string column, string field, string allowed)
    {
        string shown = field.Length == 0 ? "nothing" : field.Length <= MaxShown ? field : field[..(MaxShown - 3)] + "...";
        return new KindException($"{path}:{line}: column {column}: {shown}; allowed: {allowed}");
    }

    private static string LeaveOut(string column) => $"leave a column out with columns: [...] or except: [{column}]";

    private static bool IsMissing(string text) => text.Length == 0 || Missing.Contains(text);

    private static double? Flag(string text) => text switch
    {
        "True" or "true" or "TRUE" => 1,
        "False" or "false" or "FALSE" => 0,
        _ => null,
    };

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
