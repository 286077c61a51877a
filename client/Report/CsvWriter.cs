using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Client.Report;

/// <summary>
/// Comma-separated rows after RFC 4180: CRLF, quotes where a cell holds a comma, a quote or a line break. A missing number is an empty
/// cell. A text cell (a label, a message, a column's name; never a number) that begins with = + - @, a tab or a carriage return gets an apostrophe in front:
/// spreadsheets would run it as a formula, and specs come from other people.
/// </summary>
internal sealed class CsvWriter(Stream stream) : IDisposable
{
    private readonly StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
    private bool inRow;

    public CsvWriter Text(string? text)
    {
        Separate();
        if (text is not { Length: > 0 })
            return this;
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        writer.Write(text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
        return this;
    }

    /// <summary>The shortest digits that read back to the same number.</summary>
    public CsvWriter Number(double? value) => Raw(value is { } v && double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "");

    public CsvWriter Number(float value) => Raw(float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");

    public CsvWriter Number(long value) => Raw(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An axis value: a label as text, numbers and flags as they are.</summary>
    public CsvWriter Axis(JsonNode? value) => value?.GetValueKind() switch
    {
        null => Raw(""),
        JsonValueKind.String => Text(value.GetValue<string>()),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Raw(value.ToJsonString()),
        _ => Text(value.ToJsonString()),
    };

    public void EndRow()
    {
        writer.Write("\r\n");
        inRow = false;
    }

    public void Dispose() => writer.Dispose();

    private CsvWriter Raw(string text)
    {
        Separate();
        writer.Write(text);
        return this;
    }

    private void Separate()
    {
        if (inRow)
            writer.Write(',');
        inRow = true;
    }
}
