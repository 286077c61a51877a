using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sweep.Tests.Client;
using Sweep.Tests.Client.Dashboard;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>A real Prometheus with the configuration of <c>infra/prometheus</c>, and two silos that it scrapes.</summary>
public sealed class PrometheusServerTests(PostgresServer server)
{
    private const int Trials = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Query_WhenTwoSilosAreScraped_AnswersWithWhatTheyDid()
    {
        if ((PostgresServer.Missing ?? Promtool.Missing) is { } missing)
            Assert.Skip(missing);
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        string store = server.Url("real_prometheus");
        SweepOutcome launched = await SweepProcess.RunAsync(scratch.Path, "launch", "tiny.yaml", "--store", store);
        Assert.True(launched.ExitCode == 0, launched.Error);
        using ServedProcess first = await SiloAsync("first"), second = await SiloAsync("second");
        using Process prometheus = StartPrometheus(scratch.Path, [first.Url, second.Url], out Uri url);
        using var client = new HttpClient { BaseAddress = url };
        try
        {
            Assert.Equal(2, await UntilAsync("sum(up{job=\"sweep\"})", value => value >= 2));
            Assert.Equal(Trials, await UntilAsync("sum(sweep_trials_completed_total)", value => value >= Trials));
            Assert.Equal(Trials, await UntilAsync("sum(sweep_trial_duration_seconds_count{sweep_attempt_outcome=\"completed\"})", value => value >= Trials));
            Assert.True(await UntilAsync(
                "histogram_quantile(0.99, sum by (le) (sweep_store_operation_duration_seconds_bucket{sweep_store_operation=\"lease\"}))", value =>
                value > 0) < 10);
            Assert.Equal(0, await UntilAsync("sum(sweep_silo_quarantined)", _ => true));
            Assert.Equal(2, await UntilAsync("count(count by (instance) (dotnet_process_cpu_time_seconds_total))", value => value >= 2));
            Assert.Equal(2, await UntilAsync("count(count by (instance) (orleans_catalog_activations))", value => value >= 2));

            // Every alert rule has been evaluated and none has an error.
            JsonNode[] rules = await UntilEvaluatedAsync();
            string alerts = Path.Combine(SweepProcess.RepositoryRoot, "infra", "prometheus", "alerts.yml");
            string[] lines = await File.ReadAllLinesAsync(alerts, TestContext.Current.CancellationToken);
            int written = lines.Count(l => l.Contains("- alert:", StringComparison.Ordinal));
            Assert.True(written > 0);
            Assert.Equal(written, rules.Length);
            Assert.All(rules, r => Assert.Equal("ok", r["health"]!.GetValue<string>()));

            // A machine may be so busy that its store is slow, but not yet for as long as somebody is told of it.
            JsonNode[] raised = [.. rules.Where(r => r["state"]!.GetValue<string>() != "inactive")];
            Assert.All(raised, r => Assert.Equal(("SweepStoreSlow", "pending"), (r["name"]!.GetValue<string>(), r["state"]!.GetValue<string>())));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
        }

        Task<ServedProcess> SiloAsync(string id) =>
            ServedProcess.StartAsync(Directory.CreateDirectory(Path.Combine(scratch.Path, id)).FullName, "silo", "--store", store, "--id", id, "--slots", "1",
                "--metrics", "0");

        async Task<double> UntilAsync(string query, Func<double, bool> enough)
        {
            long began = Stopwatch.GetTimestamp();
            string last = "";
            while (Stopwatch.GetElapsedTime(began) < Patience)
            {
                last = await AskAsync($"api/v1/query?query={Uri.EscapeDataString(query)}");
                if (last.Length > 0 && JsonNode.Parse(last)!["data"]!["result"]!.AsArray() is [{ } one]
                    && double.Parse(one["value"]![1]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) is var value && enough(value))
                    return value;
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }

            throw new TimeoutException($"{query}: {last}");
        }

        async Task<JsonNode[]> UntilEvaluatedAsync()
        {
            long began = Stopwatch.GetTimestamp();
            while (true)
            {
                JsonNode[] rules =
                    [.. JsonNode.Parse(await AskAsync("api/v1/rules"))!["data"]!["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray()).Select(r => r!)];
                if (rules.Length > 0 && rules.All(r => r["health"]!.GetValue<string>() != "unknown"))
                    return rules;
                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "the alert rules were not evaluated");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        async Task<string> AskAsync(string path)
        {
            try
            {
                return await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                return "";
            }
        }
    }

    /// <summary>With our files as they are, but for how often it looks.</summary>
    private static Process StartPrometheus(string scratch, Uri[] silos, out Uri url)
    {
        string folder = Directory.CreateDirectory(Path.Combine(scratch, "prometheus")).FullName,
            ours = Path.Combine(SweepProcess.RepositoryRoot, "infra", "prometheus");
        Directory.CreateDirectory(Path.Combine(folder, "silos"));
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"),
            File.ReadAllText(Path.Combine(ours, "prometheus.yml")).Replace("15s", "500ms", StringComparison.Ordinal));
        File.Copy(Path.Combine(ours, "alerts.yml"), Path.Combine(folder, "alerts.yml"));
        File.WriteAllText(Path.Combine(folder, "silos", "two.yml"), $"- targets: [{string.Join(", ", silos.Select(s => $"'{s.Authority}'"))}]\n");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        url = new Uri($"http://{address}/");
        return Process.Start(new ProcessStartInfo(
            Promtool.Find("prometheus")!,
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address={address}",
                "--log.level=error"]) { UseShellExecute = false })!;
    }
}
