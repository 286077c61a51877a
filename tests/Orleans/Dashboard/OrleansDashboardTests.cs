using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sweep.Silo.Orleans;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans.Dashboard;

/// <summary>Orleans' own dashboard on a silo, through the installed command.</summary>
public sealed class OrleansDashboardTests(PostgresServer server) : StoreCommandTests(server, "orleansdashboard")
{
    [Fact]
    public async Task Silo_WhenAskedForTheDashboard_ServesItToThisMachine()
    {
        using var scratch = new Scratch();
        string store = Store;
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "setup", "--store", store)).ExitCode);
        string port = OrleansHost.FreePort().ToString(CultureInfo.InvariantCulture);
        var url = new Uri($"http://127.0.0.1:{port}/");
        using SweepProcess silo = SweepProcess.Start(scratch.Path, ["silo", "--store", store, "--slots", "1", "--id", "shown", "--orleans-dashboard", port]);
        using var client = new HttpClient();
        Assert.Contains("<title>", await UntilServedAsync(client, url, silo), StringComparison.Ordinal);
        Assert.NotEmpty(await client.GetByteArrayAsync(new Uri(url, "index.min.js"), TestContext.Current.CancellationToken));

        // One that doesn't serve it is shown all the same. It counts once a second.
        using SweepProcess other = SweepProcess.Start(scratch.Path, ["silo", "--store", store, "--slots", "1", "--id", "other", "--dir", "other"]);
        var counters = new Uri(url, "DashboardCounters");
        for (int tries = 0; await HostsAsync(client, counters) != 2; tries++)
        {
            Assert.True(tries < 300, "the dashboard didn't show both silos within 30 s");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        // Another site's name for this machine.
        using var rebound = new HttpRequestMessage(HttpMethod.Get, url);
        rebound.Headers.Host = "example.com";
        using HttpResponseMessage refused = await client.SendAsync(rebound, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        other.Terminate();
        await other.EndAsync();
        silo.Terminate();
        SweepOutcome outcome = await silo.EndAsync();
        Assert.Contains($"Orleans' dashboard: {url}", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:8788")]
    [InlineData("everywhere")]
    [InlineData("192.0.2.1:80")]
    public async Task Silo_WhenOthersCouldSeeTheDashboard_Exits2(string address)
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "silo", "--store", Server.Url(Schema), "--orleans-dashboard", address);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"--orleans-dashboard: {address}; allowed: PORT or 127.0.0.1:PORT", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<int> HostsAsync(HttpClient client, Uri counters) =>
        JsonNode.Parse(await client.GetStringAsync(counters, TestContext.Current.CancellationToken))!["hosts"]!.AsArray().Count;

    private static async Task<string> UntilServedAsync(HttpClient client, Uri url, SweepProcess silo)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await client.GetStringAsync(url, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException) when (tries < 600 && !silo.HasExited)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
