using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sweep.Client.Terminal;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>What the command line's parser refuses, in words: what was given and what is allowed.</summary>
internal static class ParseErrors
{
    /// <summary>One line per mistake; none when there is none.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.Errors.Count > 0 && parsed.UnmatchedTokens.Count > 0)
            return parsed.UnmatchedTokens.Select(token => Unknown(command, token));
        return parsed.Errors.Select(Of).Distinct();
    }

    private static string Of(ParseError error) =>
        error.SymbolResult is OptionResult { Option: var option, Tokens: [var first, ..] } && !IsNumber(option, first.Value)
            ? $"{option.Name}: {Words.Clean(first.Value)}; allowed: a whole number"
            : Words.Clean(error.Message);

    private static bool IsNumber(Option option, string text) =>
        (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) != typeof(int)
        || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static string Unknown(Command command, string token)
    {
        if (token.StartsWith('-'))
            return SpecWords.Unknown($"option of sweep{(command is RootCommand ? "" : $" {command.Name}")}", token, command.Options.Select(o => o.Name));
        return command.Subcommands.Count > 0
            ? SpecWords.Unknown("command", token, command.Subcommands.Select(c => c.Name))
            : $"unexpected: {Words.Clean(token)}; sweep {command.Name} takes {Taken(command)}";
    }

    private static string Taken(Command command) => command.Arguments.Count == 0
        ? "options only"
        : string.Join(" and ", command.Arguments.Select(a => a.HelpName ?? a.Name.ToUpperInvariant()));
}
