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
