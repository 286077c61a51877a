using System.Text.RegularExpressions;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>How text is divided into lines and fields.</summary>
/// <param name="Delimiter">What separates fields; a space stands for any number of spaces and tabs.</param>
/// <param name="CarriageReturns">Whether a carriage return alone ends a line too, as on an old Macintosh.</param>
internal sealed partial record CsvDialect(char Delimiter, bool CarriageReturns)
{
    /// <summary>How a first line begins that says what separates the fields, as Excel understands it: <c>sep=;</c>.</summary>
    private const string Declaration = "sep=";

    /// <summary>In the order in which they are tried: a file that a comma divides is divided by commas, whatever else its text holds.</summary>
    private const string Delimiters = ",;\t| ";

    /// <summary>Records that a guess is made from.</summary>
    private const int SampleRecords = 50;

    private const int SampleCharacters = 1 << 20;

    /// <summary>Whether runs of spaces and tabs separate fields.</summary>
    internal bool Blanks => Delimiter == ' ';

    internal string DelimiterName => Name(Delimiter);

    /// <summary>Whether the first line is not a record: it declares the delimiter.</summary>
    internal bool HasDeclaration { get; private init; }

    internal static string Name(char delimiter) => delimiter switch
    {
        ',' => "a comma",
        ';' => "a semicolon",
        '\t' => "a tab",
        '|' => "a bar",
        ' ' => "a space",
        _ => delimiter.ToString(),
    };

    /// <summary>
    /// The first delimiter that divides every record of the file's beginning into the same number of fields, two at least; without names the first that also
    /// leaves nothing but numbers. A comma when there is none: the file has one column, or is broken in a way that reading it will say.
    /// </summary>
    /// <param name="path">For nothing but the records' errors, which are not thrown here.</param>
    /// <param name="reader">The text, from its start; read on a little.</param>
    /// <param name="options">Delimiter and header, as far as they were given.</param>
    internal static CsvDialect Guess(string path, TextReader reader, TableOptions options)
    {
        char[] buffer = new char[SampleCharacters];
        int count = reader.ReadBlock(buffer);
        string sample = new(buffer, 0, count);
        bool whole = count < buffer.Length;
        // A carriage return beside line feeds is part of the text, unless lines can't be told without it.
        bool returns = sample.Contains('\r', StringComparison.Ordinal) && !sample.Contains('\n', StringComparison.Ordinal);
        if (DeclaredIn(sample) is { } declared)
            return new CsvDialect(options.Delimiter ?? declared, returns) { HasDeclaration = true };
        if (options.Delimiter is { } given)
            return new CsvDialect(given, returns);
        bool both = !returns && LoneReturn().IsMatch(sample);
        CsvDialect[] candidates = both && Candidates(true) is { Length: > 0 } mixed ? mixed : Candidates(returns);
        bool Numbers(CsvDialect d) => d.Sample(path, sample, whole).TrueForAll(r => r.TrueForAll(field => CsvNumbers.Looks(field, d.Delimiter)));
        return (options.Header ? null : Array.Find(candidates, Numbers)) ?? candidates.FirstOrDefault() ?? new CsvDialect(',', returns);

        CsvDialect[] Candidates(bool lone) => [.. Delimiters.Select(d => new CsvDialect(d, lone)).Where(d => d.Divides(path, sample, whole, options.Header))];
    }

    /// <summary>A carriage return that doesn't belong to the line feed behind it.</summary>
    [GeneratedRegex("\r(?!\n)", RegexOptions.None, 1000)]
    private static partial Regex LoneReturn();

    /// <summary>What a first line <c>sep=;</c> declares; null where there is none.</summary>
    private static char? DeclaredIn(string sample) =>
        sample.StartsWith(Declaration, StringComparison.OrdinalIgnoreCase) && sample.Length > Declaration.Length + 1
            && sample[Declaration.Length + 1] is '\r' or '\n'
            ? sample[Declaration.Length]
            : null;

    /// <summary>Rows may have one field more than the names above them: <see cref="CsvHeader"/> tells whose it is.</summary>
    private bool Divides(string path, string sample, bool whole, bool header)
    {
        List<List<string>> records = Sample(path, sample, whole);
        if (records.Count < 2 || records[0].Count < 2)
            return false;
        int fields = records[1].Count;
        return records.Skip(1).All(r => r.Count == fields)
            && (fields == records[0].Count || (header && fields > 2 && Math.Abs(fields - records[0].Count) == 1));
    }

    /// <summary>The first records that are no comments; without the last where the sample may end within it. None where quotes don't match.</summary>
    private List<List<string>> Sample(string path, string sample, bool whole)
    {
        var found = new List<List<string>>();
        var records = new CsvRecords(path, new StringReader(sample), this);
        try
        {
            while (found.Count <= SampleRecords && records.Read())
            {
                if (!records.StartsWithHash)
                    found.Add([.. records.Fields]);
            }
        }
        catch (KindException)
        {
            // What was read before is the sample: reading the file will say what is wrong further on.
        }

        if (found.Count > 1 && !whole)
            found.RemoveAt(found.Count - 1);
        return found;
    }
}
