using Spectre.Console;
using Sweep.Client.Commands;
using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A mistyped command line is answered with what was typed and what is allowed.</summary>
public sealed class ParseErrorsTests
{
    [Theory]
    [InlineData("statu", "sweep: unknown command: statu (did you mean status?); allowed: run, ")]
    [InlineData("frobnicate", "sweep: unknown command: frobnicate; allowed: run, ")]
    [InlineData("run a.yaml --slots abc", "sweep: --slots: abc; allowed: a whole number")]
    [InlineData("trials --take 99999999999", "sweep: --take: 99999999999; allowed: a whole number")]
    [InlineData("run a.yaml --slot 2", "sweep: unknown option of sweep run: --slot (did you mean --slots?); allowed: ")]
    [InlineData("check a.yaml b.yaml", "sweep: unexpected: b.yaml; sweep check takes SPEC")]
    [InlineData("doctor now", "sweep: unexpected: now; sweep doctor takes options only")]
    [InlineData("setup --rotate-key --drop-old-key", "sweep: --rotate-key together with --drop-old-key; allowed: one after the other")]
    public async Task CommandLine_WhenItIsMistyped_SaysWhatIsAllowed(string typed, string said)
    {
        (int code, string output, string error) = await RunAsync(typed.Split(' '));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Required command", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_WhenNothingIsAsked_ShowsUsage()
    {
        (int code, string output, string error) = await RunAsync([]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("Commands:", error, StringComparison.Ordinal);
        Assert.Contains("status", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        await using StringWriter output = new(), error = new();
        var context = new CommandContext { Out = output, Error = error, Console = AnsiConsole.Console, Time = TimeProvider.System };
        int code = await CommandLine.RunAsync(arguments, context);
        return (code, output.ToString(), error.ToString());
    }
}
