using Sweep.Tests.Silo.Telemetry;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class DashboardMetricsTests
{
    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text;version=1.0.0", true)]
    public async Task Metrics_WhenScraped_CountTrialsAndRequestsAndNameNoSweep(string accept, bool openMetrics)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(name: "secret-sweep");
        await dashboard.CompleteAsync(3);
        await dashboard.GetAsync(dashboard.SweepUrl);
        (await dashboard.SendAsync(HttpMethod.Get, "api/sweeps/none")).Dispose();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, "metrics", null, ("Accept", accept));
        string text = await response.Content.ReadAsStringAsync();
        Exposition read = Exposition.Read(text, openMetrics);
        Assert.Equal((3, 9), (read.Samples["sweep_trials{sweep_trial_state=\"completed\"}"], read.Samples["sweep_trials{sweep_trial_state=\"queued\"}"]));
        Assert.Equal(1, read.Samples["sweep_store_reachable_ratio"]);
        foreach (int status in new[] { 200, 404 })
        {
            Assert.Equal(1, read.Samples[
                $"http_server_request_duration_seconds_count{{http_request_method=\"GET\",http_response_status_code=\"{status}\","
                + $"http_route=\"/api/sweeps/{{sweep}}\"}}"]);
        }

        Assert.DoesNotContain("secret-sweep", text, StringComparison.Ordinal);
        Assert.DoesNotContain(dashboard.Spec.Id, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WhenGuarded_NeedAToken()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { ReaderToken = TestDashboard.ReaderToken });
        using HttpResponseMessage response =
            await dashboard.SendAsync(HttpMethod.Get, "metrics", null, ("Authorization", $"Bearer {TestDashboard.ReaderToken}"));
        Assert.Contains("sweep_trials", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
