using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Reads delimited text, with a line of names or without: columns are then named 0, 1, 2, ... A column that isn't chosen may hold anything, bytes that are no
/// text included. Lines that begin with # are comments, unless they have the header's fields and the first of these isn't chosen, or are the only names there
/// are (as numpy.savetxt writes them). Errors are <see cref="KindException"/>s that start with <c>path:line:</c>.
/// </summary>
internal static class CsvFile
{
    /// <summary>Values between two looks at the memory.</summary>
    private const int MemoryCheckValues = 1 << 24;

    /// <param name="path">For the errors.</param>
    /// <param name="open">Opens the file's bytes, from the first; called twice.</param>
    /// <param name="options">What is wanted of it.</param>
    internal static NumericTable Read(string path, Func<Stream> open, TableOptions options)
    {
        CsvDialect dialect;
        using (StreamReader sample = new TextDecoding().Open(open()))
            dialect = CsvDialect.Guess(path, sample, options);
        var decoding = new TextDecoding();
        using StreamReader reader = decoding.Open(open());
        var records = new CsvRecords(path, reader, dialect);
        if (CsvHeader.Read(path, records, options) is not { } header)
            throw new KindException($"{path}:1: the file is empty; allowed: {(options.Header ? "a header and rows" : "rows")}");
        CheckText(path, header, options, decoding);
        int[] chosen = ColumnChoice.Of($"{path}:{header.Line}", header.Names, options);
        var numbers = new CsvNumbers(path, dialect, options, decoding, oneColumn: header.Names.Count == 1);

        var values = new List<double>();
        double[] row = new double[chosen.Length];
        int dropped = 0;
        foreach ((int line, IReadOnlyList<string> fields) in Rows(header, records, chosen))
        {
            if (fields.Count != header.Names.Count)
                throw Ragged(path, line, fields, header, dialect, options);
            for (int k = 0; k < row.Length; k++)
                row[k] = numbers.Read(line, header.Names[chosen[k]], fields[chosen[k]]);
            if (row.Any(double.IsNaN))
                dropped++;
            else
                values.AddRange(row);
            if (values.Count % MemoryCheckValues < row.Length)
                TableMemory.Values(path, values.Count / row.Length, row.Length);
        }

        return new NumericTable(Array.ConvertAll(chosen, i => header.Names[i]), [.. values])
        {
            DroppedRows = dropped,
            Guesses = [.. Guesses(header, dialect, numbers, options)],
        };
    }

    /// <summary>The records that hold values: those that finding the header had to look at, and the rest.</summary>
    private static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Rows(CsvHeader header, CsvRecords records, int[] chosen)
    {
        foreach (CsvHeader.Record record in header.Rows)
        {
            if (!record.StartsWithHash || IsRow(record.Fields))
                yield return (record.Line, record.Fields);
        }

        while (records.Read())
        {
            if (!records.StartsWithHash || IsRow(records.Fields))
                yield return (records.Line, records.Fields);
        }

        bool IsRow(IReadOnlyList<string> fields) => fields.Count == header.Names.Count && !chosen.Contains(0);
    }

    private static KindException Ragged(string path, int line, IReadOnlyList<string> fields, CsvHeader header, CsvDialect dialect, TableOptions options)
    {
        const int MaxShown = 40;
        int names = header.Names.Count;
        string like = options.Header ? "header" : "first row";
        if (names == 1 && options.Header)
        {
            string only = header.Names[0].Length <= MaxShown ? header.Names[0] : header.Names[0][..(MaxShown - 3)] + "...";
            like += $" on line {header.Line}: {only} (a line above the names begins with #, or has to go)";
        }

        // 1,5 beside 2,25 makes four fields.
        bool commas = dialect.Delimiter == ',' && fields.Count == 2 * names && fields.All(f => f.Length > 0 && f.TrimStart('-', '+').All(char.IsAsciiDigit));
        if (commas)
            like += names == 1 ? "; numbers with a decimal comma need delimiter: semicolon"
                : "; decimal commas can't be told from those between the fields: save it with semicolons";
        return new KindException($"{path}:{line}: {fields.Count} fields; allowed: {names}, as in the {like}");
    }

    private static IEnumerable<string> Guesses(CsvHeader header, CsvDialect dialect, CsvNumbers numbers, TableOptions options)
    {
        if (options.Delimiter is null && dialect.Delimiter != ',' && header.Names.Count > 1)
            yield return $"fields separated by {dialect.DelimiterName}";
        if (numbers.GuessedDecimal == ',')
            yield return "decimal comma";
        if (numbers.MayBeThousands)
            yield return $"a decimal {(numbers.GuessedDecimal == ',' ? "comma" : "point")}, though three digits follow it wherever it stands: if it groups "
                + $"thousands, remove it from the file";
        if (dialect.CarriageReturns)
            yield return "lines ending with a carriage return";
    }

    /// <summary>Names that are used must be text; and where an unknown one is asked for, the encoding is the likelier cause.</summary>
    private static void CheckText(string path, CsvHeader header, TableOptions options, TextDecoding decoding)
    {
        // Every other byte of Latin text.
        int nuls = header.Names.Sum(n => n.Count(c => c == '\0'));
        if (nuls > 1 && nuls * 3 > header.Names.Sum(n => n.Length))
            throw new KindException($"{path}:{header.Line}: NUL characters in the header: UTF-16 without a byte order mark, or no text; allowed: UTF-8 text");
        bool unreadable = header.Names.Any(n => n.Contains(TextDecoding.Mark, StringComparison.Ordinal));
        bool found = options.Columns is { } wanted && wanted.All(w => header.Names.Any(n => Text.Nfc.Same(n, w)));
        if (unreadable && !found)
            throw new KindException($"{path}:{header.Line}: {decoding.Problem}");
    }
}
