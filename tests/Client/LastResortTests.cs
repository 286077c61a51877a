using System.Runtime.ExceptionServices;
using Spectre.Console;
using Sweep.Client.Commands;
using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>An unexpected exception is one line, a file and an exit code, never an abort.</summary>
public sealed class LastResortTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Say_WhateverItIs_IsOneLineAndAFileWithTheStack()
    {
        using var error = new StringWriter();

        Assert.Equal(ExitCode.NotAllDone, LastResort.Say(error, new AggregateException(Thrown("no\nsuch\u0007thing")), _scratch.Path));

        string line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("sweep: unexpected InvalidOperationException: no such", line, StringComparison.Ordinal);
        Assert.Contains($"(in LastResortTests.{nameof(Thrown)}", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', line);
        string kept = Assert.Single(Directory.GetFiles(_scratch.Path));
        Assert.Contains($"; details: {kept}. Please report it", line, StringComparison.Ordinal);
        Assert.Contains("   at Sweep.Tests.Client.LastResortTests.", File.ReadAllText(kept), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not there")]
    [InlineData("nul\0")]
    public void Say_WhenTheFileCanNotBeWritten_StillSaysIt(string folder)
    {
        using var error = new StringWriter();

        Assert.Equal(ExitCode.NotAllDone, LastResort.Say(error, Thrown("x"), Path.Combine(_scratch.Path, folder)));

        Assert.StartsWith("sweep: unexpected InvalidOperationException: x", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("). Please report it", error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Say_WhenNoThreadCanBeStarted_NamesTheLimit()
    {
        var failure = new InsufficientMemoryException();
        ExceptionDispatchInfo.SetRemoteStackTrace(failure, "   at System.Threading.Thread.StartCore()\n");
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Store, LastResort.Say(error, new AggregateException(failure), _scratch.Path));

        Assert.Matches("^sweep: no more threads can be started; allow more processes \\(ulimit -u(, now ([0-9]+|unlimited))?\\); then the same command "
            + "goes on\n$", error.ToString());
        Assert.Empty(Directory.GetFiles(_scratch.Path));
    }

    [Fact]
    public async Task Command_WhenSomethingThrowsWhatNobodyForesaw_EndsWithOneLineAndItsCode()
    {
        using var error = new StringWriter();
        var context = new CommandContext { Out = new Broken(), Error = error, Console = AnsiConsole.Console, Time = TimeProvider.System };

        Assert.Equal(ExitCode.NotAllDone, await CommandLine.RunAsync(["--version"], context));

        string line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("sweep: unexpected InvalidOperationException: out of order", line, StringComparison.Ordinal);
        File.Delete(Path.Combine(Path.GetTempPath(), $"sweep-exception-{Environment.ProcessId}.txt"));
    }

    private static InvalidOperationException Thrown(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    private sealed class Broken : StringWriter
    {
        public override void Write(char value) => throw new InvalidOperationException("out of order");

        public override void Write(string? value) => throw new InvalidOperationException("out of order");

        public override void WriteLine(string? value) => throw new InvalidOperationException("out of order");
    }
}
