using System.Globalization;
using System.Text;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Reads a comma-separated file with a header and RFC 4180 quoting. Lines that are empty are skipped. A column that isn't chosen may hold anything.
/// Errors are <see cref="KindException"/>s that start with <c>path:line:</c>.
/// </summary>
internal static class CsvFile
{
    /// <param name="path">For the errors.</param>
    /// <param name="reader">The file's text.</param>
    /// <param name="wanted">Names of the columns, in the order wanted; null for all.</param>
    internal static NumericTable Read(string path, TextReader reader, IReadOnlyList<string>? wanted)
    {
        int line = 1;
        (int Line, List<string> Cells)? first = NextRecord(path, reader, ref line);
        if (first is not var (headerLine, header))
            throw new KindException($"{path}:1: the file is empty; allowed: a header and rows");
        for (int i = 0; i < header.Count; i++)
            header[i] = header[i].Trim();
        CheckHeader(path, headerLine, header);
        int[] indices = FileColumns.Choose(path, header, wanted);

        var values = new List<double>();
        while (NextRecord(path, reader, ref line) is var (recordLine, cells))
        {
            if (cells.Count != header.Count)
                throw new KindException($"{path}:{recordLine}: {cells.Count} fields; allowed: {header.Count}, as in the header");
            foreach (int index in indices)
                values.Add(Number(path, recordLine, header[index], cells[index]));
        }

        return new NumericTable(Array.ConvertAll(indices, i => header[i]), values.ToArray());
    }

    private static void CheckHeader(string path, int line, List<string> header)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < header.Count; i++)
        {
            if (header[i].Length == 0)
                throw new KindException($"{path}:{line}: field {i + 1} of the header is empty; allowed: a column name");
            if (!seen.Add(header[i]))
                throw new KindException($"{path}:{line}: column named twice: {header[i]}; allowed: distinct names");
        }

        // 0, 1, 2, ... is how some writers name nameless columns.
        bool counts = header.Select((h, i) => string.Equals(h, i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).All(same => same);
        if (!counts && header.TrueForAll(h => double.TryParse(h, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw new KindException($"{path}:{line}: the header holds numbers: {string.Join(',', header.Take(4))}; allowed: column names");
    }

    private static double Number(string path, int line, string column, string cell)
    {
        if (!double.TryParse(cell.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            string shown = cell.Length == 0 ? "nothing" : cell.Length <= 40 ? cell : cell[..37] + "...";
            throw new KindException($"{path}:{line}: column {column}: {shown}; allowed: a finite number (leave a column out with columns: [...])");
        }

        return value;
    }

    /// <summary>The next record that isn't an empty line, with the line it starts on; null at the end.</summary>
    private static (int Line, List<string> Cells)? NextRecord(string path, TextReader reader, ref int line)
    {
        while (reader.Peek() is '\r' or '\n')
        {
            if (reader.Read() == '\n')
                line++;
        }

        if (reader.Peek() < 0)
            return null;
        int start = line;
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool more = true;
        while (more)
        {
            cell.Clear();
            if (reader.Peek() == '"')
                ReadQuoted(path, reader, ref line, cell);
            more = false;
            for (int c = reader.Read(); c >= 0; c = reader.Read())
            {
                if (c == ',')
                {
                    more = true;
                    break;
                }

                if (c == '\n')
                {
                    line++;
                    break;
                }

                if (c != '\r' || reader.Peek() != '\n')
                    cell.Append((char)c);
            }

            cells.Add(cell.ToString());
        }

        return (start, cells);
    }

    private static void ReadQuoted(string path, TextReader reader, ref int line, StringBuilder cell)
    {
        int start = line;
        _ = reader.Read();
        while (true)
        {
            int c = reader.Read();
            if (c < 0)
                throw new KindException($"{path}:{start}: a quote is never closed; allowed: \"...\"");
            if (c == '\n')
                line++;
            if (c != '"')
                cell.Append((char)c);
            else if (reader.Peek() == '"')
                cell.Append((char)reader.Read());
            else if (reader.Peek() is < 0 or ',' or '\r' or '\n')
                return;
            else
                throw new KindException($"{path}:{line}: text after a closing quote: {(char)reader.Peek()}; allowed: a comma or the line's end");
        }
    }
}
