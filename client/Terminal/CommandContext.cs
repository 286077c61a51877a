using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Sweep.Client.Terminal;

/// <summary>What commands share: output, clock, JSON options.</summary>
internal sealed class CommandContext
{
    /// <summary>Width of an output that isn't a terminal.</summary>
    public const int NoWidth = 1000;

    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Standard output, with colours and tables on a terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Whether standard output is an interactive terminal.</summary>
    public bool IsInteractive => Console.Profile.Capabilities.Interactive && !System.Console.IsOutputRedirected;

    public required TimeProvider Time { get; init; }

    /// <summary>Words on lines no longer than the terminal; one line where there is none.</summary>
    public void WriteWords(string text)
    {
        foreach (string line in Console.Profile.Width < NoWidth ? TextWrap.Lines(text, "", "  ", Console.Profile.Width - 1) : [text])
            Out.WriteLine(line);
    }

    public void WriteJson<T>(T value) => Out.WriteLine(JsonSerializer.Serialize(value, Json));
}
