using System.Globalization;
using Spectre.Console;

namespace Sweep.Client.Terminal;

/// <summary>
/// A table of one line per row. On a terminal no line is longer than it is wide: empty columns are left out, those that are the same in every row are said
/// above, then optional columns are left out, then the longest cells are cut. Elsewhere, where lines have no limit and programs read them, every
/// column stays as it is.
/// </summary>
internal sealed class TextTable
{
    private const int Least = 3, Gap = 2;
    private readonly List<(string Heading, bool Optional)> _columns = [];
    private readonly List<string[]> _rows = [];

    public int Rows => _rows.Count;

    /// <param name="headings">Of columns that are always shown.</param>
    public TextTable(params string[] headings) => _columns.AddRange(headings.Select(h => (h, false)));

    /// <summary>Adds columns that a narrow terminal can do without, the last first.</summary>
    public TextTable Optional(params string[] headings)
    {
        _columns.AddRange(headings.Select(h => (h, true)));
        return this;
    }

    /// <param name="cells">One for each column; control characters are replaced.</param>
    public void Add(params string[] cells)
    {
        if (cells.Length != _columns.Count)
            throw new ArgumentException($"{cells.Length} cells; allowed: {_columns.Count}, one for each column", nameof(cells));
        _rows.Add([.. cells.Select(c => Words.Clean(c))]);
    }

    public void Write(CommandContext context)
    {
        foreach (string line in Lines(context.Console.Profile.Width is var width && width < CommandContext.NoWidth ? width : null))
            context.Out.WriteLine(line);
    }

    /// <param name="width">Columns of the terminal; null where there is none.</param>
    /// <param name="fold">Whether columns that are the same in every row are said above; not where the rows change while one looks.</param>
    public IEnumerable<string> Lines(int? width, bool fold = true)
    {
        List<int> shown = [.. Enumerable.Range(0, _columns.Count)];
        if (width is { } limit)
        {
            int[] empty = [.. shown.Where(c => fold && _rows.Count > 0 && _rows.TrueForAll(r => r[c] is "" or "–"))];
            if (empty.Length < shown.Count)
                shown.RemoveAll(empty.Contains);
            int[] same = [.. shown.Where(c => fold && _rows.Count > 1 && _rows.TrueForAll(r => string.Equals(r[c], _rows[0][c], StringComparison.Ordinal)))];
            if (same.Length < shown.Count)
            {
                shown.RemoveAll(same.Contains);
                string all = string.Join(", ", same.Select(c => $"{_columns[c].Heading} {_rows[0][c]}"));
                foreach (string line in all.Length == 0 ? [] : TextWrap.Lines($"all: {all}", " ", "   ", limit - 1))
                    yield return line;
            }

            foreach (int optional in Enumerable.Range(0, _columns.Count).Reverse().Where(c => _columns[c].Optional))
            {
                if (Total(shown.Select(Natural)) >= limit)
                    shown.Remove(optional);
            }
        }

        int[] widths = [.. shown.Select(Natural)];
        while (Total(widths) >= width && widths.Max() > Least)
            widths[Array.LastIndexOf(widths, widths.Max())]--;
        bool[] numbers = [.. shown.Select(c => _rows.Count > 0 && _rows.TrueForAll(r => IsNumber(r[c])))];
        yield return Line([.. shown.Select(c => _columns[c].Heading)]);
        yield return $" {string.Join(new string(' ', Gap), widths.Select(w => new string('─', w)))}";
        foreach (string[] row in _rows)
            yield return Line([.. shown.Select(c => row[c])]);

        string Line(string[] cells) => $" {string.Join(new string(' ', Gap), cells.Select((cell, i) => Padded(cell, widths[i], numbers[i])))}".TrimEnd();
    }

    private static int Total(IEnumerable<int> widths) => widths.Sum(w => w + Gap) - Gap + 1;

    private static string Padded(string cell, int width, bool right)
    {
        int length = cell.GetCellWidth();
        if (length > width)
            return Cut(cell, width);
        return right ? new string(' ', width - length) + cell : cell + new string(' ', width - length);
    }

    private static string Cut(string text, int width)
    {
        StringInfo elements = new(text);
        int taken = elements.LengthInTextElements;
        while (taken > 0 && elements.SubstringByTextElements(0, taken).GetCellWidth() > width - 1)
            taken--;
        string cut = taken == 0 ? "…" : elements.SubstringByTextElements(0, taken) + "…";
        return cut + new string(' ', Math.Max(0, width - cut.GetCellWidth()));
    }

    private static bool IsNumber(string cell) =>
        cell is "" or "–" || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private int Natural(int column) => _rows.Select(r => r[column]).Append(_columns[column].Heading).Max(t => t.GetCellWidth());
}
