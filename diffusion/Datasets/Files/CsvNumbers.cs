using System.Globalization;
using System.Text.RegularExpressions;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads fields as numbers. Unless the decimal sign is given, the first field that has a point or a comma decides it for the whole file, so that none is read
/// by another rule than its neighbour. True and false are 1 and 0, as pandas writes flags. Used by one thread.
/// </summary>
internal sealed partial class CsvNumbers(string path, CsvDialect dialect, TableOptions options, TextDecoding decoding, bool oneColumn)
{
    /// <summary>
    /// What is written for a value that is missing, besides an empty field: by pandas and R; by SAS (a point), UCI's data sets (a question mark), SQL's dumps
    /// (\N) and offices (a dash); and Excel's errors.
    /// </summary>
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        "NA", "N/A", "#N/A", "#N/A N/A", "#NA", "<NA>", "NaN", "-NaN", "NaT", "NULL", "None", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
        ".", "?", "-", "\\N", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!",
    };

    private const int MaxShown = 40;

    private char? _decimal = options.Decimal;
    private bool _grouped, _plain;

    /// <summary>The decimal sign of the numbers so far, where a number told it rather than the options; null where none has.</summary>
    internal char? GuessedDecimal => options.Decimal is null ? _decimal : null;

    /// <summary>Whether all numbers with a decimal sign look as if it grouped thousands, where it isn't the one that goes with the delimiter.</summary>
    internal bool MayBeThousands => options.Decimal is null && dialect.Delimiter != ',' && _grouped && !_plain;

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
        // As typesetters write it.
        if (text.Contains('\u2212'))
            text = text.ToString().Replace('\u2212', '-');
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
        {
            return options.DropMissing
                ? double.NaN
                : throw Wrong(line, column, field, $"a finite number (missing: drop leaves such rows out; {LeaveOut(column)})");
        }

        if (field.Contains(TextDecoding.Mark, StringComparison.Ordinal))
            throw new KindException($"{path}:{line}: column {column}: {decoding.Problem}");
        throw Wrong(line, column, field, Instead(column, trimmed));
    }

    /// <summary>What would be read in place of a field, by what it looks like.</summary>
    private string Instead(string column, string text)
    {
        if (CommaPattern().IsMatch(text) && dialect.Delimiter == ',' && options.Decimal is null)
            return $"{(GroupedPattern().IsMatch(text) ? "numbers without a thousands separator, or" : "a finite number, or with")} decimal: \",\" where that "
                + $"is its decimal sign";
        if (GroupedPattern().IsMatch(text))
            return "numbers without a thousands separator";
        char divider = oneColumn ? ",;|\t:".FirstOrDefault(c => c != dialect.Delimiter && text.Contains(c, StringComparison.Ordinal)) : default;
        return divider == default
            ? $"a finite number ({LeaveOut(column)})"
            : $"a finite number (fields that {CsvDialect.Name(divider)} separates need delimiter: \"{(divider == '\t' ? "tab" : divider)}\")";
    }

    private void Decide(int line, string column, ReadOnlySpan<char> text)
    {
        bool point = text.Contains('.'), comma = text.Contains(',');
        char sign = point ? '.' : ',';
        if (point != comma && !_plain)
        {
            bool grouped = text.TrimStart("+-") is [>= '1' and <= '9', ..] && GroupedPattern().IsMatch(text);
            (_grouped, _plain) = (_grouped || grouped, !grouped);
        }

        if ((!point && !comma) || (point != comma && _decimal == sign))
            return;
        string written = text.ToString();
        if (point && comma && GroupedPattern().IsMatch(written))
            throw Wrong(line, column, written, "numbers without a thousands separator");

        // Text that is no number at all decides nothing, and is refused as such.
        if (Parse(written.Replace(',', '.')) is null)
            return;
        _decimal ??= sign;
        if (_decimal != sign)
        {
            throw Wrong(
                line,
                column,
                written,
                $"a number with a decimal {(_decimal == ',' ? "comma" : "point")}, as {(options.Decimal is null ? "those above it have" : "decimal: says")}");
        }
    }

    private KindException Wrong(int line, string column, string field, string allowed)
    {
        string shown = field.Length == 0 ? "nothing" : field.Length <= MaxShown ? field : field[..(MaxShown - 3)] + "...";
        return new KindException($"{path}:{line}: column {column}: {shown}; allowed: {allowed}");
    }

    private static string LeaveOut(string column) => $"leave a column out with columns: [...] or except: [{Text.YamlFlow.Name(column)}]";

    private static bool IsMissing(string text) => text.Length == 0 || Missing.Contains(text);

    private static double? Flag(string text) => text switch
    {
        "True" or "true" or "TRUE" => 1,
        "False" or "false" or "FALSE" => 0,
        _ => null,
    };

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>Digits in threes, with what people put between them.</summary>
    [GeneratedRegex(@"^[+-]?\d{1,3}(?<mark>[.,'\u2019 \u00a0\u2009\u202f])\d{3}(\k<mark>\d{3})*([.,]\d+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GroupedPattern();

    [GeneratedRegex(@"^[+-]?\d+,\d+([eE][+-]?\d+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommaPattern();
}
