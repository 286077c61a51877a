using System.Text;

namespace Sweep.Client.Report;

/// <summary>Untrusted text in Markdown.</summary>
internal static class MarkdownText
{
    /// <summary>One line that reads as it is written: no emphasis, links, HTML or table cells come of it.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\r' or '\n' or '\t')
                escaped.Append(' ');
            else if (char.IsControl(c))
                escaped.Append('\uFFFD');
            else if (c == '&')
                escaped.Append("&amp;");
            else if (c == '<')
                escaped.Append("&lt;");
            else if (c is '\\' or '`' or '*' or '|' or '~' or '$' || (c == ']' && Links(text, i)) || (c == '_' && !Inside(text, i))
                || (i == 0 && c is '#' or '>' or '+'))
                escaped.Append('\\').Append(c);
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>A fenced block whose fence is longer than any run of backticks inside.</summary>
    public static string Fenced(string language, string text)
    {
        int run = 0, longest = 2;
        foreach (char c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        string fence = new('`', longest + 1);
        return $"{fence}{language}\n{text.TrimEnd()}\n{fence}\n";
    }

    // Brackets make a link only with a target behind them; an interval keeps its plain brackets.
    private static bool Links(string text, int i) => i + 1 < text.Length && text[i + 1] is ('(' or '[' or ':');

    // snake_case reads better unescaped, and CommonMark opens no emphasis inside a word.
    private static bool Inside(string text, int i) =>
        i > 0 && i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i - 1]) && char.IsAsciiLetterOrDigit(text[i + 1]);
}
