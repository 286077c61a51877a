using System.Text;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>
/// Splits delimited text into records, with RFC 4180's quoting. Lines that are empty are skipped. Used by one thread, once.
/// Errors are <see cref="KindException"/>s that start with <c>path:line:</c>.
/// </summary>
internal sealed class CsvRecords(string path, TextReader reader, CsvDialect dialect)
{
    /// <summary>Characters of a field at most: text of other columns may be long, but a file without line ends is not a table.</summary>
    private const int MaxFieldLength = 1 << 20;

    private readonly StringBuilder _field = new();
    private int _next = 1;
    private bool _begun;

    /// <summary>The fields of the record that was read last.</summary>
    internal List<string> Fields { get; } = [];

    /// <summary>The line on which it starts, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Whether it starts with an unquoted <c>#</c>, as comments do.</summary>
    internal bool StartsWithHash { get; private set; }

    /// <summary>Reads the next record; false at the end.</summary>
    internal bool Read()
    {
        if (!_begun && dialect.HasDeclaration)
            SkipLine();
        _begun = true;
        SkipEmptyLines();
        if (reader.Peek() < 0)
            return false;
        Line = _next;
        StartsWithHash = reader.Peek() == '#';
        Fields.Clear();
        for (bool more = true; more;)
        {
            if (Fields.Count == TableMemory.MaxColumns)
                throw new KindException($"{path}:{Line}: more than {TableMemory.MaxColumns} fields; allowed: at most {TableMemory.MaxColumns}");
            _field.Clear();
            if (reader.Peek() == '"')
                ReadQuoted();
            more = ReadRest();
            Fields.Add(_field.ToString());
        }

        return true;
    }

    /// <summary>Whether a line ends here, with the character just read.</summary>
    private bool EndsLine(int character) => character == '\n' || (character == '\r' && dialect.CarriageReturns);

    private void SkipLine()
    {
        int c = reader.Read();
        while (c >= 0 && !EndsLine(c))
            c = reader.Read();
        _next++;
    }

    private void SkipEmptyLines()
    {
        while (reader.Peek() is '\r' or '\n' || (dialect.Blanks && reader.Peek() is ' ' or '\t'))
        {
            if (EndsLine(reader.Read()))
                _next++;
        }
    }

    /// <summary>The rest of a field up to and with what ends it; false where the record ends too.</summary>
    private bool ReadRest()
    {
        for (int c = reader.Read(); c >= 0; c = reader.Read())
        {
            if (EndsLine(c))
            {
                // One end, where both mark it.
                if (c == '\r' && reader.Peek() == '\n')
                    _ = reader.Read();
                _next++;
                return false;
            }

            if (dialect.Blanks && c is ' ' or '\t' or '\r')
            {
                while (reader.Peek() is ' ' or '\t' or '\r' && !EndsLine(reader.Peek()))
                    _ = reader.Read();
                if (reader.Peek() >= 0 && !EndsLine(reader.Peek()))
                    return true;
            }
            else if (c == dialect.Delimiter)
            {
                return true;
            }
            else if (c != '\r' || reader.Peek() != '\n')
            {
                Append((char)c);
            }
        }

        return false;
    }

    private void ReadQuoted()
    {
        int start = _next;
        _ = reader.Read();
        while (true)
        {
            int c = reader.Read();
            if (c < 0)
                throw new KindException($"{path}:{start}: a quote is never closed; allowed: \"...\"");
            if (EndsLine(c))
                _next++;
            if (c != '"')
                Append((char)c);
            else if (reader.Peek() == '"')
                Append((char)reader.Read());
            else if (reader.Peek() is < 0 or '\r' or '\n' || reader.Peek() == dialect.Delimiter || (dialect.Blanks && reader.Peek() == '\t'))
                return;
            else
            {
                throw new KindException(
                    $"{path}:{_next}: text after a closing quote: {(char)reader.Peek()}; allowed: {dialect.DelimiterName} or the line's end");
            }
        }
    }

    private void Append(char character)
    {
        if (_field.Length == MaxFieldLength)
            throw new KindException($"{path}:{Line}: a field of more than {MaxFieldLength} characters; allowed: a table, a line for each row");
        _field.Append(character);
    }
}
