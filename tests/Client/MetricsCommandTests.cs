using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary><c>--metrics</c> with addresses that can't be served.</summary>
public sealed class MetricsCommandTests
{
    [Theory]
    [InlineData("prometheus")]
    [InlineData("65536")]
    [InlineData("::1:9464")]
    [InlineData("example.org:9464")]
    public async Task Run_WithMetricsAtWhatIsNoAddress_SaysWhatIsAllowedBeforeAnythingRuns(string given)
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--metrics", given);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"--metrics: {given}; allowed: PORT (this machine only) or ADDRESS:PORT", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(scratch.Path, "runs")));
    }

    [Fact]
    public async Task Run_WithMetricsAtAPortThatIsTaken_NamesItAndRunsWithAnother()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        SweepOutcome refused = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--metrics", port);
        SweepOutcome ran = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--metrics", "0");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.True(ran.ExitCode == 0, ran.Error);
        Assert.Contains("/metrics", ran.Error, StringComparison.Ordinal);
    }
}
