using Spectre.Console;

namespace Sweep.Client.Terminal;

/// <summary>Prose on lines of a terminal.</summary>
internal static class TextWrap
{
    private const int Narrowest = 40, Widest = 110;

    /// <summary>The terminal's width within what reads well; the widest where there is no terminal.</summary>
    public static int Width(IAnsiConsole console) =>
        Console.IsOutputRedirected ? Widest : Math.Clamp(console.Profile.Width - 1, Narrowest, Widest);

    /// <summary>Words on lines no longer than <paramref name="width"/> where they can be; an interval is not broken.</summary>
    public static IEnumerable<string> Lines(string text, string first, string rest, int width)
    {
        string line = first;
        bool empty = true;
        foreach (string word in Tokens(text))
        {
            if (!empty && line.Length + 1 + word.Length > width)
            {
                yield return line;
                (line, empty) = (rest, true);
            }

            line = empty ? line + word : $"{line} {word}";
            empty = false;
        }

        if (!empty)
            yield return line;
    }

    /// <summary>Split at spaces, but an interval stays whole.</summary>
    private static IEnumerable<string> Tokens(string text)
    {
        string? open = null;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            open = open is null ? word : $"{open} {word}";
            if (open.StartsWith('[') && !open.Contains(']', StringComparison.Ordinal) && open.Length < Narrowest)
                continue;
            yield return open;
            open = null;
        }

        if (open is not null)
            yield return open;
    }
}
