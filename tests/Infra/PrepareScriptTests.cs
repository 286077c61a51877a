using System.Diagnostics;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Infra;

/// <summary><c>infra/prepare.sh</c>, which every <c>./sweep</c> sources.</summary>
public sealed class PrepareScriptTests
{
    /// <summary>Nobody makes folders in <c>/proc</c>, not even root.</summary>
    [Theory]
    [InlineData("", 1, "sweep: HOME: none, and neither it nor /proc/.build can be written; allowed: a folder that you may write (HOME=DIR sweep …)\n")]
    [InlineData("1", 0, "")]
    public async Task Prepare_WhenNothingCanBeWritten_SaysSoInOneLineUnlessNothingIsBuilt(string skip, int code, string error)
    {
        (int exit, string said) = await RunAsync("root=/proc; . \"$1\"", skip);
        Assert.Equal((code, error), (exit, said));
    }

    [Fact]
    public async Task PrepareBuild_WhenNothingCanBeWritten_SaysWhatIsAllowed()
    {
        (int exit, string said) = await RunAsync("root=/proc; . \"$1\"; prepare_build client client/Sweep.Client.csproj", "1");
        Assert.Equal(1, exit);
        Assert.Equal("sweep: /proc/.build can't be written, and builds are kept there; allowed: a clone that you may write, or SWEEP_SKIP_BUILD=1 where it is "
            + "built\n", said);
    }

    /// <summary>What a build leaves running for minutes, as the compiler's server, must not keep others from building.</summary>
    [Fact]
    public async Task PrepareBuild_AfterABuildThatLeftAServerBehind_DoesNotWaitForIt()
    {
        (int exit, string said) = await RunAsync(InAFolder("dotnet() { sleep 60 & echo $! >$root/server; }", "prepare_build a b && prepare_build a b"), "");
        Assert.Equal((0, ""), (exit, said.Replace("sweep: building b (the first time restores packages: a minute or two)\n", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task PrepareBuild_WhileAnotherBuilds_SaysSo()
    {
        (int exit, string said) = await RunAsync(
            InAFolder("dotnet() { :; }", "lock=$root/.build/lock; mkdir -p $root/.build; flock $lock sleep 2 & "
                + "until [ -e $lock ] && ! flock -n $lock true; do sleep 0.1; done; prepare_build a b"), "");
        Assert.Equal(0, exit);
        Assert.StartsWith("sweep: waiting for another ./sweep or ./test, which is building this clone\nsweep: building b ", said, StringComparison.Ordinal);
    }

    /// <summary>The script in an empty folder that always wants building, which ends with what was left running.</summary>
    private static string InAFolder(string dotnet, string body) =>
        $"root=$(mktemp -d); trap 'kill $(cat $root/server 2>/dev/null) 2>/dev/null; rm -rf $root' EXIT; . \"$1\"; build_is_stale() {{ true; }}; "
            + $"need_sdk() {{ true; }}; {dotnet}; {body}";

    private static async Task<(int Code, string Error)> RunAsync(string script, string skip)
    {
        var start = new ProcessStartInfo("bash", ["-c", script, "sweep", Path.Combine(SweepProcess.RepositoryRoot, "infra", "prepare.sh")])
        {
            UseShellExecute = false, RedirectStandardError = true,
        };
        start.Environment["HOME"] = "";
        start.Environment["SWEEP_SKIP_BUILD"] = skip;
        using Process bash = Process.Start(start)!;
        string error = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, error);
    }
}
