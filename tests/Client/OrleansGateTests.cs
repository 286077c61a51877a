using Sweep.Client.Running;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>What the command says of <c>--orleans</c> in a build without the engine; with it, tests/Orleans has the rest.</summary>
public sealed class OrleansGateTests
{
    [Theory]
    [InlineData("launch", "tiny.yaml")]
    [InlineData("silo")]
    [InlineData("setup")]
    public async Task AnyCommand_WhenTheEngineIsNotInTheBuild_SaysWhatIsMissing(string command, params string[] more)
    {
        if (OrleansGate.Engine is not null)
            Assert.Skip("the Orleans engine is in this build");
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        // Nobody listens there: what is missing is said before the store is looked for.
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, [command, .. more, "--orleans", "--store", "postgresql://nobody@127.0.0.1:1/none"]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"Microsoft.Orleans.Clustering.AdoNet {OrleansGate.Version}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("./sweep setup", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenOrleansDashboardIsAskedForWithoutOrleans_Exits2()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "silo", "--store", "postgresql://nobody@127.0.0.1:1/none", "--orleans-dashboard");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--orleans-dashboard: without --orleans; allowed: with it", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenOrleansDashboardIsNotInTheBuild_SaysWhatIsMissing()
    {
        if (OrleansGate.Engine is not { HasDashboard: false })
            Assert.Skip("the Orleans engine is not in this build, or its dashboard is too");
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "silo", "--orleans", "--store", "postgresql://nobody@127.0.0.1:1/none", "--orleans-dashboard", "8788");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Microsoft.Orleans.Dashboard", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("./sweep setup", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Always_SaysWhetherTheEngineIsThere()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "doctor");
        string line = Assert.Single(outcome.Output.Split('\n'), l => l.Contains("clusters over Orleans", StringComparison.Ordinal));
        Assert.StartsWith(OrleansGate.Engine is null ? "no " : "yes", line, StringComparison.Ordinal);
        Assert.Contains(OrleansGate.Version, line, StringComparison.Ordinal);
    }

    /// <summary>In place of tests/Orleans, which a closed gate keeps out of the build: skipped is what they are, not passed.</summary>
    [Fact]
    public void OrleansTests_WhenTheEngineIsNotInTheBuild_AreSkipped()
    {
        if (OrleansGate.Engine is null)
            Assert.Skip($"tests/Orleans is not in this build: {OrleansGate.Found}");
    }
}
