using System.Diagnostics;
using Sweep.Client.Commands;
using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client;

public sealed class CompletionScriptTests
{
    [Theory]
    [InlineData("sta", "status")]
    [InlineData("setup --comp", "--completion")]
    [InlineData("run --ser", "--serve")]
    public async Task Bash_WhenItCompletesALine_OffersWhatSweepTakes(string typed, string offered)
    {
        using var scratch = new Scratch();
        string sweep = Path.Combine(SweepProcess.RepositoryRoot, "sweep");
        scratch.Write("ask.sh",
            $"{CompletionScript.Of("bash")}\nCOMP_LINE='sweep {typed}'; COMP_POINT=${{#COMP_LINE}}\n"
                + "COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                + $"_sweep '{sweep}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");
        ProcessStartInfo start = new("bash", ["ask.sh"]) { WorkingDirectory = scratch.Path, UseShellExecute = false, RedirectStandardOutput = true };
        using Process bash = Process.Start(start)!;
        string[] words = (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([offered], words);
    }

    [Fact]
    public void Of_AnUnknownShell_SaysWhichAreKnown() =>
        Assert.Equal("--completion: tcsh; allowed: bash, zsh, fish", Assert.Throws<UsageException>(() => CompletionScript.Of("tcsh")).Message);
}
