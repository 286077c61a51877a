using System.Globalization;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Text;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>The names of a text file's columns.</summary>
/// <param name="Line">Where they stand, from 1; where the rows begin when they have none.</param>
/// <param name="Names">Without surrounding blanks.</param>
/// <param name="Rows">Records that were read behind the header, or instead of it, and may hold values.</param>
internal sealed record CsvHeader(int Line, IReadOnlyList<string> Names, IReadOnlyList<CsvHeader.Record> Rows)
{
    internal sealed record Record(int Line, IReadOnlyList<string> Fields, bool StartsWithHash);

    /// <summary>Comment lines kept at most, to look for names in them.</summary>
    private const int MaxComments = 1000;

    /// <summary>Reads up to the first record that is not a comment; null where there is none.</summary>
    internal static CsvHeader? Read(string path, CsvRecords records, TableOptions options)
    {
        var comments = new List<Record>();
        Record? first = null;
        while (first is null && records.Read())
        {
            var record = new Record(records.Line, [.. records.Fields], records.StartsWithHash);
            if (!record.StartsWithHash)
                first = record;
            else if (comments.Count < MaxComments)
                comments.Add(record);
        }

        if (!options.Header)
            return first is null ? null : new CsvHeader(first.Line, Counted(first.Fields.Count), [first]);
        // "# x y" where blanks separate: the mark is no field of its own.
        if (first is not null)
        {
            comments = comments.ConvertAll(
                c => c.Fields is ["#", ..] && c.Fields.Count == first.Fields.Count + 1 ? c with { Fields = [.. c.Fields.Skip(1)] } : c);
        }

        int named = Named(comments, first, options);
        if (named >= 0)
        {
            return new CsvHeader(
                comments[named].Line, NamesOf(comments[named], options), [.. comments[(named + 1)..], .. first is null ? [] : new[] { first }]);
        }

        if (first is null)
            return null;
        CheckNames(path, first);
        return Fitted(first, NamesOf(first, options), records);
    }

    /// <summary>
    /// With the names that the rows need: R writes none above the rows' own names, and some writers end rows alone, or the names alone, with a delimiter. A row
    /// of another length is left to be refused.
    /// </summary>
    private static CsvHeader Fitted(Record first, string[] names, CsvRecords records)
    {
        var rows = new List<Record>();
        while ((rows.Count == 0 || rows[^1].StartsWithHash) && rows.Count < MaxComments && records.Read())
            rows.Add(new Record(records.Line, [.. records.Fields], records.StartsWithHash));
        if (rows is [.., { StartsWithHash: false } row] && names.Length > 1)
        {
            if (row.Fields.Count == names.Length + 1)
                names = row.Fields[^1].Length == 0 ? [.. names, string.Empty] : [string.Empty, .. names];
            else if (row.Fields.Count == names.Length - 1 && names[^1].Length == 0)
                names = names[..^1];
        }

        return new CsvHeader(first.Line, names, rows);
    }

    /// <summary>
    /// The comment that holds the names: the first with all that are asked for, or the last with as many as the numbers below it. -1 where the names are no
    /// comment.
    /// </summary>
    private static int Named(List<Record> comments, Record? first, TableOptions options)
    {
        IReadOnlyList<string> asked = [.. options.Columns ?? [], .. options.Except ?? []];
        return asked.Count > 0
            ? comments.FindIndex(c => asked.All(a => NamesOf(c, options).Any(n => Nfc.Same(n, a))))
            : comments.FindLastIndex(c => first is not null && c.Fields.Count == first.Fields.Count && AreNumbers(first.Fields));
    }

    /// <summary>Without the # of a comment, unless the first column is asked for with it.</summary>
    private static string[] NamesOf(Record record, TableOptions options)
    {
        string[] names = [.. record.Fields.Select(f => f.Trim())];
        if (record.StartsWithHash && !(options.Columns ?? options.Except ?? []).Any(a => Nfc.Same(a, names[0])))
        {
            string bare = names[0].TrimStart('#').TrimStart();
            names[0] = bare.Length == 0 || names.Contains(bare, StringComparer.Ordinal) ? names[0] : bare;
        }

        return names;
    }

    private static string[] Counted(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private static bool AreNumbers(IReadOnlyList<string> fields) =>
        fields.All(f => double.TryParse(f.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static void CheckNames(string path, Record header)
    {
        // 0, 1, 2, ... is how some writers name nameless columns.
        if (AreNumbers(header.Fields) && !header.Fields.Select(f => f.Trim()).SequenceEqual(Counted(header.Fields.Count), StringComparer.Ordinal))
        {
            throw new KindException(
                $"{path}:{header.Line}: the header holds numbers: {string.Join(',', header.Fields.Take(4))}; "
                + "allowed: column names (a file that has none: header: false)");
        }
    }
}
